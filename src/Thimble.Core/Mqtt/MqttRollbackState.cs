using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// What a session remembers while it reads bytes that nobody vouches for: where it stood before them, and what they said.
/// Behind it lies the topic as it was.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct MqttRollbackState
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = 32;

    /// <summary>The fault that was found in them, which is held.</summary>
    public Fault Held;

    /// <summary>The packet in progress, as it was.</summary>
    public MqttPacketCursor Before;

    /// <summary>Whether they are being read.</summary>
    public bool Active;

    /// <summary>How many of the acknowledgements owed are for messages before them.</summary>
    public byte VerifiedAcknowledgements;

    /// <summary>The answers that they hold.</summary>
    public MqttAnswers Heard;

    /// <summary>Answers that count, and that the caller was not told yet.</summary>
    public MqttAnswers Untold;
}
