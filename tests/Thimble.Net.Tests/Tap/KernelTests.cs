using System;
using System.Net.Sockets;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Net.Tcp;
using Xunit;

namespace Thimble.Net.Tests.Tap;

/// <summary>The client against the TCP of Linux.</summary>
[Trait("Category", "Peer")]
public class KernelTests
{
    private const int Megabyte = 1_000_000;

    [KernelTheory]
    [InlineData(1024, 1024, 0)]
    [InlineData(64, 64, 0)]
    [InlineData(1001, 4097, 0)]
    [InlineData(8192, 8192, 0)]
    [InlineData(8192, 8192, 10)]
    public void A_megabyte_goes_each_way(int sendBytes, int receiveBytes, int loss) => KernelPeer.Run(
        peer =>
        {
            int bytes = loss == 0 && sendBytes > 64 ? Megabyte : Megabyte / 10;
            byte[] up = RandomNumberGenerator.GetBytes(bytes), down = RandomNumberGenerator.GetBytes(bytes);
            byte[] upArrived = new byte[bytes], downArrived = new byte[bytes];
            using Socket kernel = peer.Accept();
            peer.Loss = loss;
            int written = 0, sent = 0, received = 0, read = 0;
            peer.Until(() =>
            {
                written += Write(peer, up.AsSpan(written));
                sent += Available(kernel, SelectMode.SelectWrite) && sent < bytes ? kernel.Send(down.AsSpan(sent), SocketFlags.None, out _) : 0;
                received += Available(kernel, SelectMode.SelectRead) ? kernel.Receive(upArrived.AsSpan(received), SocketFlags.None, out _) : 0;
                read += Read(peer, downArrived.AsSpan(read));
                return received == bytes && read == bytes && peer.Tcp.AllAcknowledged;
            });

            Assert.Equal(SHA256.HashData(up), SHA256.HashData(upArrived));
            Assert.Equal(SHA256.HashData(down), SHA256.HashData(downArrived));
        },
        sendBytes,
        receiveBytes);

    [KernelFact]
    public void We_close_and_still_receive() => KernelPeer.Run(peer =>
    {
        using Socket kernel = peer.Accept();
        peer.Tcp.Close();
        peer.Until(() => Available(kernel, SelectMode.SelectRead));
        Assert.Equal(0, kernel.Receive(new byte[1]));
        peer.Until(() => peer.Tcp.State == TcpState.FinWait2);   // the kernel may delay its acknowledgement

        kernel.Send(new byte[500]);
        kernel.Shutdown(SocketShutdown.Send);
        byte[] arrived = new byte[500];
        int read = 0;
        peer.Until(() => (read += Read(peer, arrived.AsSpan(read))) == 500 && peer.Tcp.ReceivedAll);

        Assert.Equal(TcpState.TimeWait, peer.Tcp.State);
    });

    [KernelFact]
    public void The_kernel_closes_first() => KernelPeer.Run(peer =>
    {
        using Socket kernel = peer.Accept();
        kernel.Shutdown(SocketShutdown.Send);
        peer.Until(() => peer.Tcp.ReceivedAll);
        Assert.Equal(300, Write(peer, new byte[300]));
        peer.Tcp.Close();
        byte[] arrived = new byte[400];
        int received = 0;
        peer.Until(() => (received += Available(kernel, SelectMode.SelectRead) ? kernel.Receive(arrived.AsSpan(received), SocketFlags.None, out _) : 0) == 300 && peer.Tcp.State == TcpState.Closed);

        Assert.Equal(FaultReason.None, peer.Tcp.Fault.Reason);
        Assert.True(peer.Tcp.AllAcknowledged);
    });

    [KernelFact]
    public void Our_abort_resets_the_kernels_socket() => KernelPeer.Run(peer =>
    {
        using Socket kernel = peer.Accept();
        peer.Tcp.Abort();
        peer.Until(() => Available(kernel, SelectMode.SelectRead));
        kernel.Receive(new byte[1], SocketFlags.None, out SocketError error);

        Assert.Equal(SocketError.ConnectionReset, error);
    });

    [KernelFact]
    public void The_kernels_abort_is_a_fault() => KernelPeer.Run(peer =>
    {
        using Socket kernel = peer.Accept();
        kernel.LingerState = new LingerOption(true, 0);
        kernel.Close();
        peer.Until(() => peer.Tcp.State == TcpState.Closed);

        Assert.Equal(FaultReason.TcpReset, peer.Tcp.Fault.Reason);
    });

    [KernelFact]
    public void A_closed_port_refuses() => KernelPeer.Run(peer =>
    {
        peer.Connect(port: 9);
        peer.Until(() => peer.Tcp.State == TcpState.Closed);

        Assert.Equal((FaultReason.TcpRefused, 9u), (peer.Tcp.Fault.Reason, peer.Tcp.Fault.Actual));
    });

    [KernelFact]
    public void A_kernel_that_does_not_read_closes_its_window_and_opens_it_again() => KernelPeer.Run(peer =>
    {
        peer.Listener.ReceiveBufferSize = 4096;
        using Socket kernel = peer.Accept();
        byte[] up = RandomNumberGenerator.GetBytes(60_000), arrived = new byte[up.Length];
        int written = 0, received = 0;
        var full = System.Diagnostics.Stopwatch.StartNew();
        peer.Until(() =>
        {
            int more = Write(peer, up.AsSpan(written));
            written += more;
            full = more == 0 ? full : System.Diagnostics.Stopwatch.StartNew();
            return full.ElapsedMilliseconds > 1000;
        });
        Assert.InRange(written, 1, up.Length - 1);

        peer.Until(() =>
        {
            written += Write(peer, up.AsSpan(written));
            received += Available(kernel, SelectMode.SelectRead) ? kernel.Receive(arrived.AsSpan(received), SocketFlags.None, out _) : 0;
            return received == up.Length;
        });
        Assert.Equal(up, arrived);
    });

    [KernelFact]
    public void Connections_follow_one_another_hundreds_of_times() => KernelPeer.Run(peer =>
    {
        for (int i = 0; i < 300; i++)
        {
            using Socket kernel = peer.Accept();
            Write(peer, new byte[10]);
            peer.Tcp.Close();
            peer.Until(() => peer.Tcp.State == TcpState.FinWait2);
            kernel.Close();

            // Unread data: the kernel resets. Either end is one.
            peer.Until(() => peer.Tcp.State is TcpState.TimeWait or TcpState.Closed);
        }
    });

    private static bool Available(Socket socket, SelectMode mode) => socket.Poll(0, mode);

    private static int Write(KernelPeer peer, ReadOnlySpan<byte> data)
    {
        Span<byte> space = peer.Tcp.SendSpace;
        int count = Math.Min(space.Length, data.Length);
        data[..count].CopyTo(space);
        peer.Tcp.Commit(count);
        return count;
    }

    private static int Read(KernelPeer peer, Span<byte> destination)
    {
        ReadOnlySpan<byte> received = peer.Tcp.Received;
        int count = Math.Min(received.Length, destination.Length);
        received[..count].CopyTo(destination);
        peer.Tcp.Consume(count);
        return count;
    }
}
