using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>How TCP connections are opened where a host has several addresses, and some do not answer.</summary>
public sealed class TcpTransportTests : IDisposable
{
    private static readonly IPAddress s_first = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress s_second = IPAddress.Parse("127.0.0.3");
    private static readonly TcpOptions s_options = new() { AttemptDelay = TimeSpan.FromMilliseconds(100), ConnectTimeout = TimeSpan.FromSeconds(20) };

    private readonly List<IDisposable> _open = [];

    public void Dispose() => _open.ForEach(static one => one.Dispose());

    [Fact]
    public void The_families_take_turns_and_the_system_s_choice_begins()
    {
        IPAddress[] four = [.. Enumerable.Range(1, 20).Select(static i => IPAddress.Parse($"192.0.2.{i}"))];
        IPAddress[] six = [.. Enumerable.Range(1, 2).Select(static i => IPAddress.Parse($"2001:db8::{i}"))];
        IPAddress[] turns = TcpTransport.Alternate([.. six, .. four]);
        Assert.Equal([six[0], four[0], six[1], four[1], four[2]], turns[..5]);
        Assert.Equal(16, turns.Length);
        Assert.Equal(four[0], TcpTransport.Alternate([.. four, .. six])[0]);
        Assert.Empty(TcpTransport.Alternate([]));
    }

    [Fact]
    public async Task An_address_that_refuses_gives_way_to_the_next()
    {
        int port = Listen(s_second);
        using Socket socket = await TcpTransport.RaceAsync([s_first, s_second], port, s_options with { AttemptDelay = TimeSpan.FromSeconds(15) }, default).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(s_second, ((IPEndPoint)socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task An_address_that_is_silent_does_not_keep_the_next_one_waiting()
    {
        int port = Listen(s_second);
        await FillAsync(s_first, port);
        using Socket socket = await TcpTransport.RaceAsync([s_first, s_second], port, s_options, default).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(s_second, ((IPEndPoint)socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task A_host_of_both_families_is_reached_where_it_listens()
    {
        int port = Listen(IPAddress.Loopback);
        await using NetworkStream stream = await TcpTransport.ConnectAsync("localhost", port, s_options);
        Assert.True(stream.Socket.Connected);
        await using NetworkStream other = TcpTransport.Connect("127.0.0.1", port, TimeSpan.FromSeconds(10));
        Assert.True(other.Socket.NoDelay);
    }

    [Fact]
    public async Task A_silent_host_ends_with_the_time_or_the_token()
    {
        int port = await FillAsync(s_first, 0);
        TransportException late = await Assert.ThrowsAsync<TransportException>(() => TcpTransport.ConnectAsync(s_first.ToString(), port, s_options with { ConnectTimeout = TimeSpan.FromMilliseconds(200) }));
        Assert.Equal(TransportProblem.TimedOut, late.Problem);
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TcpTransport.ConnectAsync(s_first.ToString(), port, s_options, end.Token));
        Assert.Equal(end.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task Where_nobody_listens_the_message_says_so()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(s_first, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        TransportException refused = await Assert.ThrowsAsync<TransportException>(() => TcpTransport.ConnectAsync(s_first.ToString(), port, s_options));
        Assert.Equal(TransportProblem.ConnectionRefused, refused.Problem);
        Assert.Contains(port.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(static () => TcpTransport.ConnectAsync("localhost", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(static () => TcpTransport.ConnectAsync("localhost", 65_536));
    }

    [Fact]
    public async Task Keep_alive_is_asked_of_TCP_where_it_is_wanted()
    {
        int port = Listen(s_first);
        await using NetworkStream quiet = await TcpTransport.ConnectAsync(s_first.ToString(), port);
        await using NetworkStream alive = await TcpTransport.ConnectAsync(s_first.ToString(), port, new TcpOptions { KeepAlive = TimeSpan.FromSeconds(90) });
        Assert.Equal(0, quiet.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.NotEqual(0, alive.Socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive));
        Assert.Equal(90, alive.Socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime));
    }

    private int Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        _open.Add(listener);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Somebody who listens but takes nobody in, and whose queue is full: the system answers no more.</summary>
    private async Task<int> FillAsync(IPAddress address, int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _open.Add(listener);
        listener.Bind(new IPEndPoint(address, port));
        listener.Listen(0);
        while (true)
        {
            var one = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _open.Add(one);
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
            try
            {
                await one.ConnectAsync(listener.LocalEndPoint!, patience.Token);
            }
            catch (OperationCanceledException)
            {
                return ((IPEndPoint)listener.LocalEndPoint!).Port;
            }
        }
    }
}
