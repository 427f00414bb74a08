using System;
using System.Runtime.CompilerServices;
using Thimble.Boards;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;

namespace Thimble.Firmware;

/// <summary>The MQTT session: introduces the device, subscribes, publishes readings, takes commands.</summary>
internal static class Conversation
{
    /// <summary>One turn: what waits to get out, then what came in, then what is due. While TCP takes nothing, the device still listens.</summary>
    public static void Turn(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        bool clear = SecureChannel.IsClear(device);
        state.LastClear = clear ? device.Now : state.LastClear;
        if (clear && Journey.IsFirstTurn(device) && state.Step != Step.Run)
        {
            Ask(device);
        }
        else if (clear && state.CommandWaits)
        {
            Commands.Answer(device);
        }
        else if ((state.CommandWaits || !TryListen(device)) && state.Step is Step.Introduce or Step.Subscribe or Step.Run)
        {
            Mind(device, clear);
        }
    }

    /// <summary>Publishes what was composed in <see cref="Device.Text"/>.</summary>
    public static void Publish(scoped in Device device, ImagePart topic, ReadOnlySpan<byte> text)
    {
        MqttStatus status = Compose(device, topic, text, out int written);
        Send(device, status, written);
    }

    /// <summary>Makes the packet, and leaves nothing of that on the stack for what seals it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MqttStatus Compose(scoped in Device device, ImagePart topic, ReadOnlySpan<byte> text, out int written) =>
        device.Mqtt.Publish(device.Image[topic], text, retain: false, device.Packet, out written);

    /// <summary>
    /// Learns what the bytes in the inbox are worth that belong to a record larger than the window: a command among them is
    /// obeyed when they count, and not before.
    /// </summary>
    public static void Weigh(scoped in Device device, TlsStatus status)
    {
        ref FirmwareState state = ref device.State;
        MqttSession mqtt = device.Mqtt;
        if (status == TlsStatus.Committed)
        {
            state.Commits = true;
        }
        else if (status == TlsStatus.Withdrawn)
        {
            mqtt.Abort();
            state.CommandBytes = state.VerifiedCommandBytes;
            state.CommandIsProvisional = false;
        }
        else if (!mqtt.IsProvisional)
        {
            state.VerifiedCommandBytes = state.CommandBytes;
            _ = mqtt.BeginProvisional();
        }
    }

    /// <summary>Says goodbye to the broker, and leaves.</summary>
    public static void Stop(scoped in Device device)
    {
        Send(device, device.Mqtt.Disconnect(device.Packet, out int written), written);
        SecureChannel.Close(device);
        Journey.Enter(device, Step.Leave);
    }

    /// <summary>The question that a step begins with.</summary>
    private static void Ask(scoped in Device device)
    {
        MqttSession mqtt = device.Mqtt;
        int written;
        MqttStatus status;
        if (device.State.Step == Step.Introduce)
        {
            device.State.InboxStart = device.State.InboxEnd = 0;
            device.State.CommandIsProvisional = device.State.Commits = false;
            mqtt.Begin(device.Now);
            var options = new MqttConnectOptions { ClientId = device.Image[ImagePart.ClientId], KeepAliveSeconds = device.Image.Settings.KeepAliveSeconds };
            status = mqtt.Connect(options, device.Packet, out written);
        }
        else
        {
            status = mqtt.Subscribe(device.Image[ImagePart.CommandTopic], device.Packet, out written);
        }

        Send(device, status, written);
    }

    /// <summary>Takes one thing that the broker said. False where it said nothing more.</summary>
    private static bool TryListen(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        ReadOnlySpan<byte> rest = device.Inbox[state.InboxStart..state.InboxEnd];
        MqttEvent found = Receive(device, rest, out int consumed, out ReadOnlySpan<byte> data);
        state.InboxStart += (byte)consumed;
        if (found == MqttEvent.NeedMoreData && state.Commits)
        {
            Commit(device);
            return true;
        }

        if (found == MqttEvent.NeedMoreData)
        {
            return SecureChannel.TryRead(device);
        }

        Hear(device, found, data);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MqttEvent Receive(scoped in Device device, ReadOnlySpan<byte> source, out int consumed, out ReadOnlySpan<byte> data)
        => device.Mqtt.Receive(source, out consumed, out data);

    private static void Commit(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        state.CommandWaits = state.CommandIsProvisional;
        state.CommandIsProvisional = state.Commits = false;
        MqttSession mqtt = device.Mqtt;
        if (mqtt.Commit() == MqttStatus.Faulted)
        {
            Recovery.Lose(device, mqtt.Fault);
        }
    }

    private static void Hear(scoped in Device device, MqttEvent found, ReadOnlySpan<byte> data)
    {
        switch (found)
        {
            case MqttEvent.Connected:
                Begin(device, "introduce"u8, device.Image[ImagePart.ClientId], Step.Subscribe);
                break;
            case MqttEvent.Subscribed:
                device.State.PauseMilliseconds = device.Image.Settings.FirstPauseMilliseconds;
                device.State.LastReading = device.Now - device.State.ReadingMilliseconds;
                Begin(device, "subscribe"u8, device.Image[ImagePart.CommandTopic], Step.Run);
                break;
            case MqttEvent.PublishBegin when device.State.CommandIsProvisional:
                device.Mqtt.SkipPayload();   // there is room for one, and it waits for its record's tag
                break;
            case MqttEvent.PublishBegin:
                device.State.CommandBytes = 0;
                break;
            case MqttEvent.PublishData:
                Commands.Take(device, data);
                break;
            case MqttEvent.PublishEnd:
                device.State.CommandIsProvisional = device.Mqtt.IsProvisional;
                device.State.CommandWaits = !device.State.CommandIsProvisional;
                break;
            case MqttEvent.PublishSkipped:
                SerialLine.Begin(device, "skipped"u8);
                Uart.Write("a command that came together with another one\n"u8);
                break;
            case MqttEvent.SubscriptionRefused:
                Recovery.Lose(device, new Fault { Reason = FaultReason.MqttSubscriptionRefused, Phase = Phase.Connected, Depth = Fault.NoDepth, Actual = 0x80 });
                break;
            case MqttEvent.Faulted:
                Recovery.Lose(device, device.Mqtt.Fault);
                break;
            default:
                break;
        }
    }

    private static void Begin(scoped in Device device, ReadOnlySpan<byte> word, ReadOnlySpan<byte> what, Step next)
    {
        SerialLine.Begin(device, word);
        Uart.Write(what);
        SerialLine.EndStep(device);
        Journey.Enter(device, next);
    }

    /// <summary>
    /// Watches the time. A peer that acknowledges nothing for as long as it may be silent is gone: behind what waits for it no
    /// PINGREQ would get out, so MQTT could not notice.
    /// </summary>
    private static void Mind(scoped in Device device, bool clear)
    {
        uint waited = device.Now - device.State.LastClear;
        uint limit = device.Image.Settings.KeepAliveSeconds * 1000u;
        if (clear)
        {
            SendWhatIsDue(device);
        }
        else if (limit != 0 && waited > limit)
        {
            Recovery.Lose(device, new Fault { Reason = FaultReason.TcpTimedOut, Depth = Fault.NoDepth, Expected = limit, Actual = waited });
        }
    }

    private static void SendWhatIsDue(scoped in Device device)
    {
        ref FirmwareState state = ref device.State;
        MqttStatus status = Poll(device);
        if (status == MqttStatus.PingDue)
        {
            Send(device, device.Mqtt.Ping(device.Packet, out int written), written);
        }
        else if (status == MqttStatus.Faulted)
        {
            Recovery.Lose(device, device.Mqtt.Fault);
        }
        else if (state.Step == Step.Run && device.Now - state.LastReading >= state.ReadingMilliseconds)
        {
            state.LastReading = device.Now;
            Reading.Publish(device);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static MqttStatus Poll(scoped in Device device) => device.Mqtt.Poll(device.Now, out _);

    private static void Send(scoped in Device device, MqttStatus status, int written)
    {
        if (status == MqttStatus.Complete)
        {
            SecureChannel.Write(device, device.Packet[..written]);
        }
        else
        {
            // The image's names are too long for a packet, or the session failed before.
            Recovery.Lose(device, new Fault { Reason = FaultReason.NetworkProfileInvalid, Depth = Fault.NoDepth, Expected = Device.PacketBytes, Actual = (uint)status });
        }
    }
}
