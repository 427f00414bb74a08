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
    public uint RequestSince;

    public MqttPacketCursor Incoming;

    // What is half sent, or 0: a packet (of a PUBLISH, what precedes the payload) or a payload; and what of it is written.
    public uint OutgoingBytes;
    public uint OutgoingWritten;

    // The payload that a half-sent PUBLISH announces.
    public uint OutgoingPayload;

    // The message that the latest event tells of.
    public uint Token;

    public ushort KeepAliveSeconds;
    public ushort LastIdentifier;
    public ushort OutgoingIdentifier;   // of what is half sent, or 0
    public ushort RequestIdentifier;    // of SUBSCRIBE or UNSUBSCRIBE
    public ushort RequestFilters;

    public MqttFacts Facts;
    public MqttAnswers Untold;

    public MqttState State;
    public MqttVersion Version;
    public byte OutgoingHeader;         // 0 while a payload is sent
    public byte Acknowledgements;       // owed; they lie behind this state, the oldest first
    public MqttReasonCode ReasonCode;   // of the latest event
    public MqttReasonCode RequestReason;
    public MqttQos RequestQos;          // the highest that the latest SUBSCRIBE asked for
}
