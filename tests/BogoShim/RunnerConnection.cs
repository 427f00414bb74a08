using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.BogoShim;

/// <summary>
/// The engine over one TCP connection to the runner. With <c>-async</c> it gets one byte at a time, gives five, and does
/// little work in each call, so every place where it can be interrupted is one.
/// </summary>
internal sealed class RunnerConnection : IDisposable
{
    private const int SeedBytes = 48;
    private const int MaxChainBytes = 1 << 16;
    private const int PatienceMilliseconds = 10_000;

    private readonly ShimConfig _config;
    private readonly ClientSetup _setup;
    private readonly Profile _profile;
    private readonly PlanBuffer _memory;
    private readonly PlanBuffer _seed = new(SeedBytes);
    private readonly Socket _socket;
    private readonly byte[] _serverName;
    private readonly byte[] _alpn;
    private readonly byte[] _session;
    private readonly long _nowUnixSeconds;
    private readonly byte[] _received = new byte[1 << 15];
    private readonly byte[] _toSend;
    private int _start;
    private int _end;
    private bool _handshaken;
    private bool _sendingFailed;

    /// <summary>Connects, and says which shim this is.</summary>
    public RunnerConnection(ShimConfig config, byte[] session, DateTimeOffset now)
    {
        _config = config;
        _setup = ClientSetup.For(config, now);
        _profile = _setup.Profile;
        _serverName = Encoding.ASCII.GetBytes(_setup.ServerName);
        _alpn = Encoding.Latin1.GetBytes(config.Alpn);
        _session = session;
        _nowUnixSeconds = now.ToUnixTimeSeconds();
        _toSend = new byte[config.Async ? 5 : 1 << 15];
        RandomNumberGenerator.Fill(_seed.Span);

        MemoryPlan plan = MemoryPlan.For(_profile);
        _memory = new PlanBuffer(plan.TotalBytes);
        Fault fault = default;
        if (!plan.TryPrepare(_memory.Span, ref fault))
        {
            throw new FaultedException(fault);
        }

        _socket = Connect(config);
    }

    public ushort Suite => Lens().Suite;

    public TlsVersions Version => Lens().Version;

    public int Group => (int)Lens().Group;

    public int PeerScheme => Lens().ServerSignatureScheme;

    public bool AlpnNegotiated => Lens().AlpnNegotiated;

    public bool SessionOffered => Lens().SessionOffered;

    public bool Resumed => Lens().Resumed;

    /// <summary>The newest session that the server gave, or nothing. In TLS 1.2 it may be the one that was offered.</summary>
    public byte[] Session { get; private set; } = [];

    /// <summary>Whether the server gave one that goes on where that one ends.</summary>
    public bool SessionIsNew => Session.Length > 0 && !Session.AsSpan().SequenceEqual(_session);

    /// <summary>The server's certificates as the engine copied them.</summary>
    public byte[] PeerChain { get; } = new byte[MaxChainBytes];

    public void Handshake()
    {
        while (!_handshaken)
        {
            TlsStatus status = Lens().Handshake(Fed, _toSend, out int consumed, out int written);
            _start += consumed;
            Send(written);
            _handshaken = status == TlsStatus.Complete;
            if (status == TlsStatus.NeedMoreData && !Receive())
            {
                status = Lens().SourceEnded();
            }

            Check(status);
            if (status == TlsStatus.Closed)
            {
                throw new UnmetException("the server closed the connection in the handshake");
            }
        }

        KeepSession();
    }

    /// <summary>Exports keying material.</summary>
    /// <exception cref="DeclinedException">The engine exports none: without the extended master secret in TLS 1.2, or for such a label.</exception>
    public byte[] Export()
    {
        byte[] material = new byte[_config.ExportedBytes];
        ReadOnlySpan<byte> context = _config.HasExportContext ? _config.ExportContext : default;
        return Lens().TryExport(_config.ExportLabel, context, _config.HasExportContext, material) ? material
            : throw new DeclinedException("-export-keying-material with this label, or in this connection");
    }

    /// <summary>Asks again for a handshake that is complete, which changes nothing.</summary>
    public void HandshakeAgain()
    {
        TlsStatus status = Lens().Handshake(default, _toSend, out int consumed, out int written);
        if (status != TlsStatus.Complete || consumed + written != 0)
        {
            throw new UnmetException($"a second handshake came to {status}, {written} bytes");
        }
    }

    /// <summary>Reads some data. 0 is the end; <paramref name="orderly"/> tells whether close_notify stood before it.</summary>
    public int Read(Span<byte> destination, out bool orderly)
    {
        Handshake();
        while (true)
        {
            TlsStatus status = Lens().Read(Fed, destination, out int consumed, out int written);
            _start += consumed;
            Flush();
            Check(status);
            KeepSession();
            orderly = status == TlsStatus.Closed;
            if (orderly || status == TlsStatus.Complete)
            {
                return written;
            }

            if (status == TlsStatus.NeedMoreData && !Receive())
            {
                orderly = Lens().SourceEnded() == TlsStatus.Closed;
                return 0;
            }
        }
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        Handshake();
        TlsStatus status;
        do
        {
            status = Lens().Write(data, _toSend, out int consumed, out int written);
            data = data[consumed..];
            Send(written);
            Check(status);
        }
        while (status is TlsStatus.DestinationTooSmall or TlsStatus.MoreWork);
    }

    /// <summary>Sends close_notify.</summary>
    public void Close()
    {
        TlsStatus status;
        do
        {
            status = Lens().Close(_toSend, out int written);
            Send(written);
        }
        while (status == TlsStatus.DestinationTooSmall);
    }

    /// <summary>The end of our side is sent, and what the runner still says is taken: a reset would lose the alert that it waits for.</summary>
    public void Dispose()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            while (_socket.Receive(_received) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // The runner is gone.
        }

        _socket.Dispose();
        _memory.Dispose();
        _seed.Dispose();
        _setup.Dispose();
    }

    /// <summary>What the next call of the engine gets to see.</summary>
    private ReadOnlySpan<byte> Fed => _received.AsSpan(_start, _config.Async ? Math.Min(1, _end - _start) : _end - _start);

    private static Socket Connect(ShimConfig config)
    {
        var socket = new Socket(config.Ipv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = PatienceMilliseconds,
            SendTimeout = PatienceMilliseconds,
        };
        socket.Connect(new IPEndPoint(config.Ipv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, config.Port));
        Span<byte> id = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(id, config.ShimId);
        socket.Send(id);
        return socket;
    }

    private TlsClient Lens() => new(_memory.Span, Config());

    private TlsConfig Config() => new()
    {
        Profile = ref _profile,
        RomImage = _setup.RomImage.Span,
        ServerName = _serverName,
        Alpn = _alpn,
        Seed = _seed.Span,
        NowUnixSeconds = _nowUnixSeconds,
        Session = _session,
        PeerChain = PeerChain,
        WorkPerCall = _config.Async ? TlsConfig.DeviceWorkPerCall : 0,
    };

    private void Check(TlsStatus status)
    {
        if (status == TlsStatus.Faulted)
        {
            Flush();
            throw new FaultedException(Lens().Fault);
        }
    }

    private void KeepSession()
    {
        TlsClient tls = Lens();
        if (tls.HasSession)
        {
            byte[] session = new byte[Tls.Session.MaxBytes(_profile)];
            Session = tls.TryTakeSession(session, out int bytes) ? session[..bytes] : [];
        }
    }

    private void Flush()
    {
        TlsStatus status;
        do
        {
            status = Lens().Flush(_toSend, out int written);
            Send(written);
        }
        while (status == TlsStatus.DestinationTooSmall);
    }

    /// <summary>A runner that closed its side may have said why: that shows when the next read finds it.</summary>
    private void Send(int bytes)
    {
        try
        {
            if (bytes > 0 && !_sendingFailed)
            {
                _socket.Send(_toSend.AsSpan(0, bytes));
            }
        }
        catch (SocketException)
        {
            _sendingFailed = true;
        }
    }

    /// <summary>Whether there is more to feed. False is the end of the transport, orderly or not.</summary>
    private bool Receive()
    {
        if (_start < _end)
        {
            return true;
        }

        try
        {
            _start = 0;
            _end = 0;
            _end = _socket.Receive(_received);
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.TimedOut && e.SocketErrorCode != SocketError.WouldBlock)
        {
            // A reset ends the transport as well.
        }

        return _end > 0;
    }
}
