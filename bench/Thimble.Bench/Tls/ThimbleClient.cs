using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Bench.Tls;

/// <summary>The engine on a stream: one buffer, made once and prepared anew for each connection.</summary>
internal sealed class ThimbleClient : IDisposable
{
    private const int SeedBytes = 48;
    private const int MaxRecordBytes = 5 + (1 << 14) + 2048;

    private readonly Profile _profile;
    private readonly MemoryPlan _plan;
    private readonly PlanBuffer _memory;
    private readonly PlanBuffer _romImage;
    private readonly PlanBuffer _seed = new(SeedBytes);
    private readonly byte[] _serverName;
    private readonly byte[] _received = new byte[MaxRecordBytes];
    private readonly byte[] _toSend = new byte[MaxRecordBytes];
    private readonly long _nowUnixSeconds;
    private byte[] _session = [];
    private int _receivedStart;
    private int _receivedEnd;

    public ThimbleClient(in Profile profile, byte[] romImage, string serverName, long nowUnixSeconds)
    {
        _profile = profile;
        _plan = MemoryPlan.For(profile);
        _memory = new PlanBuffer(_plan.TotalBytes);
        _romImage = new PlanBuffer(romImage.Length);
        romImage.CopyTo(_romImage.Span);
        _serverName = Encoding.UTF8.GetBytes(serverName);
        _nowUnixSeconds = nowUnixSeconds;
    }

    /// <summary>A whole handshake with fresh randomness.</summary>
    public void Handshake(Stream transport)
    {
        RandomNumberGenerator.Fill(_seed.Span);
        Connect(transport);
    }

    /// <summary>
    /// A whole handshake with a given seed: the same messages every time, so that a recorded server can answer. The
    /// engine refuses a seed that its memory has seen, and so the memory forgets everything first.
    /// </summary>
    public void Handshake(Stream transport, ReadOnlySpan<byte> seed)
    {
        _memory.Span.Clear();
        seed.CopyTo(_seed.Span);
        Connect(transport);
    }

    public void Write(Stream transport, ReadOnlySpan<byte> data)
    {
        TlsStatus status;
        do
        {
            TlsClient tls = Lens();
            status = tls.Write(data, _toSend, out int consumed, out int written);
            transport.Write(_toSend.AsSpan(0, written));
            data = data[consumed..];
        }
        while (status == TlsStatus.DestinationTooSmall);
        Require(status == TlsStatus.Complete);
    }

    public int Read(Stream transport, Span<byte> destination)
    {
        while (true)
        {
            TlsClient tls = Lens();
            TlsStatus status = tls.Read(Received, destination, out int consumed, out int written);
            _receivedStart += consumed;
            if (status == TlsStatus.Complete)
            {
                return written;
            }

            Require(status == TlsStatus.NeedMoreData);
            Receive(transport);
        }
    }

    /// <summary>Resumes the session of this connection from now on.</summary>
    public void KeepSession()
    {
        byte[] session = new byte[_plan.TotalBytes];
        Require(Lens().TryTakeSession(session, out int written));
        _session = session[..written];
    }

    public void Dispose()
    {
        _memory.Dispose();
        _romImage.Dispose();
        _seed.Dispose();
    }

    private void Connect(Stream transport)
    {
        Fault fault = default;
        Require(_plan.TryPrepare(_memory.Span, ref fault));
        _receivedStart = _receivedEnd = 0;
        while (true)
        {
            TlsClient tls = Lens();
            TlsStatus status = tls.Handshake(Received, _toSend, out int consumed, out int written);
            _receivedStart += consumed;
            if (written > 0)
            {
                transport.Write(_toSend.AsSpan(0, written));
            }

            if (status == TlsStatus.Complete)
            {
                return;
            }

            if (status == TlsStatus.NeedMoreData)
            {
                Receive(transport);
            }

            Require(status is TlsStatus.NeedMoreData or TlsStatus.MoreWork or TlsStatus.DestinationTooSmall);
        }
    }

    private ReadOnlySpan<byte> Received => _received.AsSpan(_receivedStart, _receivedEnd - _receivedStart);

    private void Receive(Stream transport)
    {
        _receivedStart = 0;
        _receivedEnd = transport.Read(_received);
    }

    private TlsClient Lens() => new(_memory.Span, new TlsConfig
    {
        Profile = ref _profile,
        RomImage = _romImage.Span,
        ServerName = _serverName,
        Seed = _seed.Span,
        NowUnixSeconds = _nowUnixSeconds,
        Session = _session,
    });

    private void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The connection failed: {Lens().Fault.Reason}.");
        }
    }
}
