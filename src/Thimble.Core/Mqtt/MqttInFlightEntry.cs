using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>A message that we sent with QoS 1 or 2, as it stands in its region and as it is stored.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct MqttInFlightEntry
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = 8;

    /// <summary>Its packet identifier.</summary>
    public ushort Identifier;

    /// <summary>Where it stands.</summary>
    public MqttInFlightState State;

    /// <summary>The reason code of an acknowledgement that was not told yet, plus one; 0 where there is none.</summary>
    public byte Heard;

    /// <summary>What its publisher knows it by.</summary>
    public uint Token;

    /// <summary>The stage of its exchange.</summary>
    public readonly MqttInFlightState Stage => State & MqttInFlightState.Stage;

    /// <summary>Whether its PUBLISH is still to be sent.</summary>
    public readonly bool IsDue => (State & MqttInFlightState.Due) != 0;

    /// <summary>Whether its state holds nothing but a stage and flags that exist.</summary>
    public readonly bool HasKnownFlags => (State & ~(MqttInFlightState.Stage | MqttInFlightState.Due | MqttInFlightState.Confirmed)) == 0;

    /// <summary>Whether the caller is to be told of its acknowledgement.</summary>
    public readonly bool IsConfirmed => (State & MqttInFlightState.Confirmed) != 0;
}
