using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Net;
using Thimble.Net.Tcp;
using Thimble.Tls;

namespace Thimble.Firmware;

/// <summary>
/// The device's one buffer and its image, as a lens: it is made at the start, and passed on by reference.
/// <code>
/// | state | generator | command | inbox | text | packet | frame | network plan | TLS and MQTT plan |
/// </code>
/// </summary>
internal readonly ref struct Device
{
    /// <summary>The longest command.</summary>
    public const int CommandBytes = 32;

    /// <summary>What is opened at once of what the broker sent.</summary>
    public const int InboxBytes = 64;

    /// <summary>The longest reading or answer.</summary>
    public const int TextBytes = 128;

    /// <summary>One MQTT packet on its way out; also the scratch of the generator.</summary>
    public const int PacketBytes = 224;

    /// <summary>The longest frame: Ethernet, IP and TCP headers with options, and a segment; also what DHCP asks of every host (RFC 2131 §2).</summary>
    public const int FrameBytes = 600;

    private const int GeneratorOffset = FirmwareState.Bytes;
    private const int CommandOffset = GeneratorOffset + HmacDrbg.StateBytes;
    private const int InboxOffset = CommandOffset + CommandBytes;
    private const int TextOffset = InboxOffset + InboxBytes;
    private const int PacketOffset = TextOffset + TextBytes;
    private const int FrameOffset = PacketOffset + PacketBytes;
    private const int NetworkOffset = FrameOffset + FrameBytes;

    private readonly ref FirmwareState _state;
    private readonly Span<byte> _memory;

    /// <summary>Looks at a buffer that begins at a multiple of 8.</summary>
    public Device(Span<byte> memory, DeviceImage image)
    {
        _state = ref MemoryMarshal.AsRef<FirmwareState>(memory);
        _memory = memory;
        Image = image;
    }

    /// <summary>What the device was told at build.</summary>
    public readonly DeviceImage Image;

    /// <summary>What the firmware remembers.</summary>
    public ref FirmwareState State => ref _state;

    /// <summary>The time, in milliseconds.</summary>
    public uint Now => _state.Clock.Milliseconds;

    /// <summary>The state of the random bit generator.</summary>
    public Span<byte> Generator => _memory.Slice(GeneratorOffset, HmacDrbg.StateBytes);

    /// <summary>The command that was received.</summary>
    public Span<byte> Command => _memory.Slice(CommandOffset, CommandBytes);

    /// <summary>Opened bytes that MQTT has not read yet.</summary>
    public Span<byte> Inbox => _memory.Slice(InboxOffset, InboxBytes);

    /// <summary>A reading or an answer, while it is composed.</summary>
    public Span<byte> Text => _memory.Slice(TextOffset, TextBytes);

    /// <summary>One packet, on its way out.</summary>
    public Span<byte> Packet => _memory.Slice(PacketOffset, PacketBytes);

    /// <summary>One frame, on its way in.</summary>
    public Span<byte> Frame => _memory.Slice(FrameOffset, FrameBytes);

    /// <summary>The network's memory.</summary>
    public Span<byte> NetworkMemory => _memory.Slice(NetworkOffset, _state.NetworkBytes);

    /// <summary>The memory of TLS and MQTT.</summary>
    public Span<byte> TlsMemory => _memory[(NetworkOffset + _state.NetworkBytes)..];

    /// <summary>All of the buffer that is used.</summary>
    public int UsedBytes => NetworkOffset + _state.NetworkBytes + (int)Image.Settings.PlannedBytes;

    /// <summary>What comes before the plans: state, packet, frame.</summary>
    public static int OwnBytes => NetworkOffset;

    /// <summary>The network.</summary>
    public Network Network => new(NetworkMemory);

    /// <summary>The TCP connection. It is no part of its callers: the network's own lens would lie in their frames, beneath all of TLS.</summary>
    public TcpConnection Tcp
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => Network.Tcp;
    }

    /// <summary>What TCP received and nobody took, for the same reason apart.</summary>
    public ReadOnlySpan<byte> Received
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => Network.Tcp.Received;
    }

    /// <summary>Where TCP takes what is to be sent.</summary>
    public Span<byte> SendSpace
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get => Network.Tcp.SendSpace;
    }

    /// <summary>The TLS connection; <paramref name="seed"/> is needed by the first call of a handshake only.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void OpenTls(Span<byte> seed, out TlsClient tls)
    {
        // It is filled where it stays: an initializer or a result would be a second copy on a small stack.
        TlsConfig config = default;
        config.Profile = ref Image.Profile;
        config.RomImage = Image[ImagePart.Rom];
        config.ServerName = Image[ImagePart.BrokerName];
        config.Seed = seed;
        config.NowUnixSeconds = _state.UnixSeconds;
        config.BootCounter = _state.BootCounter;
        config.WorkPerCall = Pace.WorkPerCall;
        config.ProvisionalDelivery = true;
        tls = new TlsClient(TlsMemory, config);
    }

    /// <summary>The MQTT session.</summary>
    public MqttSession Mqtt
    {
        get
        {
            var buffer = new PlannedBuffer(TlsMemory, default);
            return new MqttSession(Image.Profile, buffer[RegionId.MqttSession], buffer[RegionId.MqttTopic], buffer[RegionId.MqttRollback]);
        }
    }
}
