using System;
using System.Runtime.CompilerServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>CONNECT (MQTT 3.1.1 §3.1, MQTT 5 §3.1).</summary>
public readonly ref partial struct MqttSession
{
    private const byte UserNameFlag = 0x80;
    private const byte PasswordFlag = 0x40;
    private const byte WillRetainFlag = 0x20;
    private const int WillQosShift = 3;
    private const byte WillFlag = 0x04;
    private const byte CleanStartFlag = 0x02;
    private const uint ConnectHeaderBytes = 10;

    private static ReadOnlySpan<byte> ProtocolName => "MQTT"u8;

    /// <summary>Writes CONNECT without a will, as the other overload does.</summary>
    public MqttStatus Connect(scoped in MqttConnectOptions options, scoped Span<byte> destination, out int written)
        => Connect(options, default, destination, out written);

    /// <summary>
    /// Writes CONNECT (§3.1). When it is complete, feed <see cref="Receive"/> until it says
    /// <see cref="MqttEvent.Connected"/>; an enhanced authentication may come between (<see cref="MqttEvent.AuthenticationContinues"/>). Bounded by the
    /// packet's length. The user name and password stand in the destination, so that is to be sealed or wiped.
    /// </summary>
    public MqttStatus Connect(scoped in MqttConnectOptions options, scoped in MqttWill will, scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttVersion version = VersionOf(options);
        bool five = Features.Mqtt5 && version == MqttVersion.V5;
        MqttPropertyFindings findings = default;
        if (!IsValid(options, version) || !IsValid(will, five)
            || (Features.Mqtt5 && five ? !MqttPropertyFindings.TryFind(MqttPropertyPlace.Connect, options.Properties, out findings) : !options.Properties.IsEmpty))
        {
            return MqttStatus.InvalidArgument;
        }

        uint remaining = ConnectBytes(options, will, five);
        byte header = Header(MqttPacketType.Connect);
        MqttStatus ready = remaining > MaxRemainingLength ? MqttStatus.InvalidArgument : Open(MqttState.ExpectConnect, header, remaining);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        WriteConnect(ref writer, options, will, version);
        written = writer.Written;
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        _state.Version = version;
        _state.KeepAliveSeconds = options.KeepAliveSeconds;
        _state.AnswerSince = _state.Now;
        _state.Facts |= options.KeepSession ? MqttFacts.KeepsSession : MqttFacts.None;
        if (Features.Mqtt5 && five)
        {
            Note(findings);
        }

        _state.State = MqttState.ExpectConnack;
        return MqttStatus.Complete;
    }

    private void Note(scoped in MqttPropertyFindings findings)
    {
        _state.Facts |= findings.Facts | (findings.SessionExpirySeconds == 0 ? MqttFacts.EndsWithConnection : MqttFacts.None);
        State5.AuthenticationMethod = findings.AuthenticationMethod;
        State5.Incoming.Limits.Reset(findings.SessionExpirySeconds);
    }

    private MqttVersion VersionOf(scoped in MqttConnectOptions options)
        => options.Version != MqttVersion.None ? options.Version : Speaks(_profile, MqttVersion.V5) ? MqttVersion.V5 : MqttVersion.V311;

    private bool IsValid(scoped in MqttConnectOptions options, MqttVersion version)
        => Speaks(_profile, version)
        && (Features.MqttQos || !options.KeepSession)
        && MqttText.IsString(options.ClientId)
        && MqttText.IsString(options.UserName)
        && options.Password.Length <= MqttText.MaxBytes
        && (version == MqttVersion.V5
            || ((options.Password.IsEmpty || !options.UserName.IsEmpty)                             // [MQTT-3.1.2-22]
                && (!Features.MqttQos || !options.ClientId.IsEmpty || !options.KeepSession)));      // [MQTT-3.1.3-7]

    private static bool IsValid(scoped in MqttWill will, bool five)
        => !Features.MqttWill || will.Topic.IsEmpty
            ? will.Topic.IsEmpty && will.Payload.IsEmpty && will.Properties.IsEmpty && will.Qos == MqttQos.AtMostOnce && !will.Retain   // [MQTT-3.1.2-11] to [MQTT-3.1.2-15]
            : MqttText.IsTopicName(will.Topic) && will.Payload.Length <= MqttText.MaxBytes && will.Qos <= MqttQos.ExactlyOnce
                && (Features.Mqtt5 && five ? MqttPropertyFindings.TryFind(MqttPropertyPlace.Will, will.Properties, out _) : will.Properties.IsEmpty);

    private uint ConnectBytes(scoped in MqttConnectOptions options, scoped in MqttWill will, bool five)
    {
        uint bytes = ConnectHeaderBytes + StringBytes(options.ClientId)
            + (options.UserName.IsEmpty ? 0 : StringBytes(options.UserName))
            + (options.Password.IsEmpty ? 0 : StringBytes(options.Password));
        if (Features.MqttWill && !will.Topic.IsEmpty)
        {
            bytes += StringBytes(will.Topic) + StringBytes(will.Payload) + (Features.Mqtt5 && five ? PropertiesBytes(will.Properties) : 0);
        }

        if (Features.Mqtt5 && five)
        {
            uint properties = OurLimitsBytes + (uint)options.Properties.Length;
            bytes += LengthBytes(properties) + properties;
        }

        return bytes;
    }

    // In the order of §3.1.
    private void WriteConnect(scoped ref MqttPacketWriter writer, scoped in MqttConnectOptions options, scoped in MqttWill will, MqttVersion version)
    {
        bool five = Features.Mqtt5 && version == MqttVersion.V5;
        writer.String(ProtocolName);
        writer.Byte((byte)version);
        writer.Byte((byte)((options.KeepSession ? 0 : CleanStartFlag) | WillFlags(will)
            | (options.UserName.IsEmpty ? 0 : UserNameFlag) | (options.Password.IsEmpty ? 0 : PasswordFlag)));
        writer.UInt16(options.KeepAliveSeconds);
        if (Features.Mqtt5 && five)
        {
            writer.VariableInteger(OurLimitsBytes + (uint)options.Properties.Length);
            WriteOurLimits(ref writer);
            writer.Bytes(options.Properties);
        }

        writer.String(options.ClientId);
        if (Features.MqttWill && !will.Topic.IsEmpty)
        {
            WriteWill(ref writer, will, five);
        }

        if (!options.UserName.IsEmpty)
        {
            writer.String(options.UserName);
        }

        if (!options.Password.IsEmpty)
        {
            writer.String(options.Password);
        }
    }

    // A call, so that a build without wills can be seen to have none (device/left-out).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteWill(scoped ref MqttPacketWriter writer, scoped in MqttWill will, bool five)
    {
        if (Features.Mqtt5 && five)
        {
            writer.Properties(will.Properties);
        }

        writer.String(will.Topic);
        writer.String(will.Payload);
    }

    private static int WillFlags(scoped in MqttWill will)
        => !Features.MqttWill || will.Topic.IsEmpty ? 0 : WillFlag | ((int)will.Qos << WillQosShift) | (will.Retain ? WillRetainFlag : 0);
}
