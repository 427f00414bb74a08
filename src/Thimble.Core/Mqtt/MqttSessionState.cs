using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What a session always remembers, laid over the first bytes of its memory; equal on 32- and 64-bit machines.</summary>
[StructLayout(LayoutKind.Sequential, Size = MqttSession.StateBytes)]
internal struct MqttSessionState
{
    public Fault Fault;

    // The clock, in milliseconds, as Poll was told it; it may wrap.
    public uint Now;
    public uint LastSent;
    public uint AnswerSince;
    public uint SubackSince;

    public MqttPacketCursor Incoming;

    // What is half sent, or 0: a packet (of a PUBLISH, what precedes the payload) or a payload; and what of it is written.
    public uint OutgoingBytes;
    public uint OutgoingWritten;

    // The payload that a half-sent PUBLISH announces.
    public uint OutgoingPayload;

    public ushort KeepAliveSeconds;
    public ushort SubscribeIdentifier;

    public MqttState State;
    public MqttFacts Facts;
    public byte OutgoingHeader;     // 0 while a payload is sent
    public byte Acknowledgements;   // owed; their identifiers lie behind this state, the oldest first
}
