using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// What a session remembers while it reads bytes that nobody vouches for: where it stood before them, and what they said.
/// Behind it lie what MQTT 5 goes back to, the topic as it was, and the topic aliases.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct MqttRollbackState
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = 40;

    /// <summary>The fault that was found in them, which is held.</summary>
    public Fault Held;

    /// <summary>The packet in progress, as it was.</summary>
    public MqttPacketCursor Before;

    /// <summary>The answers that they hold.</summary>
    public MqttAnswers Heard;

    /// <summary>Whether they are being read.</summary>
    public bool Active;

    /// <summary>How many of the acknowledgements owed are for messages before them.</summary>
    public byte VerifiedAcknowledgements;

    /// <summary>The reason code of SUBACK or UNSUBACK among them.</summary>
    public MqttReasonCode RequestReason;
}
