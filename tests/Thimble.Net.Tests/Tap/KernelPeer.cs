using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Threading;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;
using Xunit;

namespace Thimble.Net.Tests.Tap;

/// <summary>
/// The client on one side of a TUN device, the kernel's TCP on the other, one loop on one thread. Packets may be lost in the loop,
/// by a seed, in both directions.
/// </summary>
internal sealed class KernelPeer : IDisposable
{
    private const uint ClientAddress = 0x0A09_0002, KernelAddress = 0x0A09_0001;
    private const int IpHeaderBytes = 20;

    private readonly TunDevice _tun = new();
    private readonly byte[] _packet = new byte[2048];
    private readonly byte[] _state = new byte[TcpConnection.StateBytes];
    private readonly byte[] _send, _receive;
    private readonly Random _random = new(7);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private ushort _port = 40_000;

    private KernelPeer(int sendBytes, int receiveBytes) => (_send, _receive) = (new byte[sendBytes], new byte[receiveBytes]);

    public TcpConnection Tcp => new(_state, _send, _receive);

    public Socket Listener { get; } = Listen();

    /// <summary>Of a thousand packets, how many are lost.</summary>
    public int Loss { get; set; }

    private uint Now => (uint)_clock.ElapsedMilliseconds;

    private int ListenerPort => ((IPEndPoint)Listener.LocalEndPoint!).Port;

    /// <summary>Runs <paramref name="test"/> on a thread with a network of its own.</summary>
    public static void Run(Action<KernelPeer> test, int sendBytes = 1024, int receiveBytes = 1024)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var peer = new KernelPeer(sendBytes, receiveBytes);
                test(peer);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    public void Connect(int port = 0) =>
        Tcp.Connect(Now, new Ipv4Address(ClientAddress), _port++, new Ipv4Address(KernelAddress), (ushort)(port == 0 ? ListenerPort : port), (uint)_random.Next(), 1460);

    /// <summary>Connects and gives the kernel's end.</summary>
    public Socket Accept()
    {
        Connect();
        Until(() => Tcp.State == TcpState.Established && Listener.Poll(0, SelectMode.SelectRead));
        Socket socket = Listener.Accept();
        socket.Blocking = false;
        return socket;
    }

    /// <summary>Moves packets until it holds, for a minute at the most.</summary>
    public void Until(Func<bool> condition)
    {
        long limit = _clock.ElapsedMilliseconds + 60_000;
        while (!condition())
        {
            Assert.True(_clock.ElapsedMilliseconds < limit, $"Stuck in {Tcp.State}, {Tcp.Fault.Reason}.");
            Move();
        }
    }

    public void Dispose()
    {
        Listener.Dispose();
        _tun.Dispose();
    }

    private static Socket Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, 0));
        listener.Listen(16);
        return listener;
    }

    private void Move()
    {
        byte[] header = new byte[TcpConnection.MaxHeaderBytes];
        while (Tcp.Poll(Now, header, out int headerBytes, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second))
        {
            Send([.. header.AsSpan(0, headerBytes), .. first, .. second]);
        }

        _tun.Wait((int)Math.Min(Tcp.PollAt(Now), 2));
        while (_tun.TryRead(_packet, out int bytes))
        {
            Take(_packet.AsSpan(0, bytes));
        }
    }

    private void Take(Span<byte> packet)
    {
        if (packet[0] != 0x45 || packet[9] != 6 || _random.Next(1000) < Loss)
        {
            return;
        }

        Span<byte> segment = packet[IpHeaderBytes..];
        var source = new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
        var destination = new Ipv4Address(BinaryPrimitives.ReadUInt32BigEndian(packet[16..]));
        TcpVerdict verdict = Tcp.Receive(Now, source, destination, segment);
        Assert.NotEqual(TcpVerdict.Malformed, verdict);
        if (verdict == TcpVerdict.Unmatched && TcpReset.TryMake(source, destination, segment, out int bytes))
        {
            Send(segment[..bytes]);
        }
    }

    private void Send(ReadOnlySpan<byte> segment)
    {
        byte[] packet = new byte[IpHeaderBytes + segment.Length];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 6;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(12), ClientAddress);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(16), KernelAddress);
        uint sum = 0;
        for (int i = 0; i < IpHeaderBytes; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~((sum & 0xFFFF) + (sum >> 16)));
        segment.CopyTo(packet.AsSpan(IpHeaderBytes));
        if (_random.Next(1000) >= Loss)
        {
            _tun.Write(packet);
        }
    }
}
