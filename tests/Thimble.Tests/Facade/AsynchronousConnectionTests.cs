using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Tests.Tls;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>Asynchronous I/O of <see cref="TlsConnection"/>: order, overlap, cancellation.</summary>
public sealed class AsynchronousConnectionTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Versions => ["1.2", "1.3"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Data_goes_both_ways_and_the_close_is_orderly(string version)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version);
        byte[] message = Message(5_000);
        await peer.Connection.WriteAsync(message);
        Assert.Equal(message, peer.ReceivedData);
        peer.Say(Message(2_000));
        byte[] read = new byte[3_000];
        Assert.Equal(2_000, await peer.Connection.ReadAsync(read));
        Assert.Equal(Message(2_000), read[..2_000]);
        peer.Transport.Say(() => peer.SealAlert(1, 0));
        Assert.Equal(0, await peer.Connection.ReadAsync(read));
        Assert.Equal(0, await peer.Connection.ReadAsync(read));
        await peer.Connection.CloseAsync();
        await peer.Connection.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await peer.Connection.ReadAsync(read));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await peer.Connection.WriteAsync(read));
    }

    /// <summary>Each request is answered once, under the old key, and what a writer on another thread sends is under the right one.</summary>
    [Fact]
    public async Task Answers_to_key_updates_go_out_in_order_beside_a_writer()
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3");
        var random = new Random(7);
        peer.Transport.BeforeWrite = async _ =>
        {
            if (random.Next(3) == 0)
            {
                await Task.Yield();
            }
        };
        byte[] sent = Message(300_000);
        const int Updates = 150;
        Task writing = Task.Run(async () =>
        {
            for (int at = 0; at < sent.Length; at += 3_000)
            {
                await peer.Connection.WriteAsync(sent.AsMemory(at, 3_000));
            }
        });
        Task reading = Task.Run(async () =>
        {
            byte[] one = new byte[1];
            for (int i = 0; i < Updates; i++)
            {
                Assert.Equal(1, await peer.Connection.ReadAsync(one));
                Assert.Equal((byte)i, one[0]);
            }
        });
        for (int i = 0; i < Updates; i++)
        {
            peer.Transport.Say(() => [.. peer.Server13!.UpdateKey(1), .. peer.Seal([(byte)i])]);
            await Task.Yield();
        }

        await Task.WhenAll(writing, reading).WaitAsync(s_patience);
        await peer.Connection.WriteAsync(new byte[1]);
        Assert.Equal([.. sent, 0], peer.ReceivedData);
        Assert.InRange(peer.Server13!.KeyUpdates.Count, 1, Updates); // several requests before an answer are answered once (RFC 8446 §4.6.3)
        Assert.All(peer.Server13.KeyUpdates, static value => Assert.Equal(0, value));
        Assert.Equal(0, peer.Connection.GcAllocatedBytes);
    }

    /// <summary>A server that reads only when we do would wait for ever, if a reader waited for its answer to be sent.</summary>
    [Fact]
    public async Task A_reader_does_not_wait_for_the_answer_to_a_key_update()
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3");
        var open = new TaskCompletionSource();
        peer.Transport.BeforeWrite = _ => open.Task;
        peer.Transport.Say(() => [.. peer.Server13!.UpdateKey(1), .. peer.Seal([5])]);
        byte[] read = new byte[10];
        Assert.Equal(1, await peer.Connection.ReadAsync(read).AsTask().WaitAsync(s_patience));
        Assert.Empty(peer.Server13!.KeyUpdates);
        ValueTask write = peer.Connection.WriteAsync(new byte[] { 9 });
        open.SetResult();
        await write;
        Assert.Equal([(byte)0], peer.Server13.KeyUpdates);
        Assert.Equal([(byte)9], peer.ReceivedData);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_second_reader_and_a_second_writer_are_refused_and_harm_nothing(string version)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version);
        byte[] read = new byte[10];
        Task<int> reading = peer.Connection.ReadAsync(read).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => peer.Connection.ReadAsync(new byte[10]).AsTask().WaitAsync(s_patience));
        await Assert.ThrowsAsync<InvalidOperationException>(() => peer.Connection.ReadPieceAsync(new byte[10]).AsTask().WaitAsync(s_patience));
        Assert.Throws<InvalidOperationException>(() => peer.Connection.Read(new byte[10]));
        var open = new TaskCompletionSource();
        peer.Transport.BeforeWrite = _ => open.Task;
        Task writing = peer.Connection.WriteAsync(new byte[] { 1 }).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => peer.Connection.WriteAsync(new byte[10]).AsTask().WaitAsync(s_patience));
        Assert.Throws<InvalidOperationException>(() => peer.Connection.Write(new byte[10]));
        await Assert.ThrowsAsync<InvalidOperationException>(() => peer.Connection.HandshakeAsync());
        open.SetResult();
        await writing;
        peer.Say([7]);
        Assert.Equal(1, await reading);
        Assert.Equal(7, read[0]);
        Assert.Equal([(byte)1], peer.ReceivedData);
    }

    [Fact]
    public async Task A_cancelled_handshake_ends_the_connection()
    {
        using ScriptedConnection peer = ScriptedConnection.Make("1.3");
        using var end = new CancellationTokenSource();
        peer.Transport.BeforeWrite = async token =>
        {
            await end.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => peer.Connection.HandshakeAsync(end.Token));
        peer.Transport.BeforeWrite = null;
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(() => peer.Connection.HandshakeAsync());
        Assert.Contains("cancelled", fault.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.WriteAsync(new byte[1]));
        await Assert.ThrowsAsync<TlsFaultException>(() => peer.Connection.ReadAsync(new byte[1]).AsTask().WaitAsync(s_patience));
    }

    [Fact]
    public async Task A_silent_server_ends_a_handshake_in_time()
    {
        using ScriptedConnection peer = ScriptedConnection.Make("1.3", static options => options with { Timeout = TimeSpan.FromMilliseconds(100) });
        peer.Transport.IsDeaf = true;
        TransportException silent = await Assert.ThrowsAsync<TransportException>(() => peer.Connection.HandshakeAsync());
        Assert.Equal(TransportProblem.TimedOut, silent.Problem);
        Assert.Contains("too long", (await Assert.ThrowsAsync<TlsFaultException>(() => peer.Connection.HandshakeAsync())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_cancelled_read_loses_nothing(string version)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version);
        byte[] record = peer.Seal(Message(1_000));
        byte[] read = new byte[1_000];
        int from = 0;
        foreach (int to in new[] { 0, 1, 5, 6, 700, record.Length - 1 })
        {
            peer.Transport.Say(record.AsSpan(from, to - from));
            from = to;
            using var end = new CancellationTokenSource();
            Task<int> reading = peer.Connection.ReadAsync(read, end.Token).AsTask();
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        peer.Transport.Say(record.AsSpan(from));
        Assert.Equal(1_000, await peer.Connection.ReadAsync(read));
        Assert.Equal(Message(1_000), read);
    }

    [Fact]
    public async Task A_cancelled_wait_behind_provisional_bytes_ends_the_connection()
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3", static options => options with { AcceptLargeRecords = true });
        byte[] record = peer.Seal(Message(9_000));
        peer.Transport.Say(record.AsSpan(..5_000));
        byte[] read = new byte[700];
        Assert.Equal(TlsStatus.Provisional, (await peer.Connection.ReadPieceAsync(read)).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await peer.Connection.ReadAsync(read));
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                _ = await peer.Connection.ReadPieceAsync(read, end.Token);
            }
        });
        peer.Transport.Say(record.AsSpan(5_000..));
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadPieceAsync(read));
        Assert.Equal(FaultReason.TruncatedByPeer, fault.Fault.Reason);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Large_records_are_gathered_for_asynchronous_readers(string version)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version, static options => options with { AcceptLargeRecords = true });
        peer.Say(Message(16_384));
        peer.Say(Message(3));
        byte[] read = new byte[16_387];
        for (int bytes = 0; bytes < read.Length;)
        {
            Assert.Equal(0, await peer.Connection.ReadAsync(Memory<byte>.Empty));
            bytes += await peer.Connection.ReadAsync(read.AsMemory(bytes));
        }

        Assert.Equal([.. Message(16_384), .. Message(3)], read);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_write_cancelled_before_its_first_record_changes_nothing_and_later_ends_the_connection(string version)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await peer.Connection.WriteAsync(new byte[10], new CancellationToken(canceled: true)));
        await peer.Connection.WriteAsync(new byte[] { 4 });
        Assert.Equal([(byte)4], peer.ReceivedData);

        using var end = new CancellationTokenSource();
        peer.Transport.BeforeWrite = token => Task.Delay(Timeout.Infinite, token);
        Task writing = peer.Connection.WriteAsync(new byte[10], end.Token).AsTask();
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(s_patience));
        peer.Transport.BeforeWrite = null;
        TlsFaultException over = await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.WriteAsync(new byte[10]));
        Assert.Contains("in part", over.Message, StringComparison.Ordinal);
        peer.Say([1]);
        await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadAsync(new byte[10]));
        await peer.Connection.CloseAsync();
        Assert.Equal([(byte)4], peer.ReceivedData);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_write_that_fails_says_so_and_the_server_s_last_word_is_still_read(string version)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version);
        peer.Transport.WriteFailure = new IOException("reset", new SocketException((int)SocketError.ConnectionReset));
        foreach (bool again in new[] { false, true })
        {
            TransportException lost = again ? Assert.Throws<TransportException>(() => peer.Connection.Write([1])) : await Assert.ThrowsAsync<TransportException>(async () => await peer.Connection.WriteAsync(new byte[1]));
            Assert.Equal(TransportProblem.ConnectionLost, lost.Problem);
            Assert.Same(peer.Transport.WriteFailure, lost.InnerException);
        }

        peer.Transport.Say(() => peer.SealAlert(2, 49));
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadAsync(new byte[1]));
        Assert.Equal((FaultReason.AlertReceived, (byte)49), (fault.Fault.Reason, fault.Fault.Alert));
        Assert.Same(peer.Transport.WriteFailure, fault.InnerException);
    }

    /// <summary>An answer that cannot be sent in time is no reason to lose what was read.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_were_read_are_given_though_an_answer_cannot_be_sent(bool synchronous)
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3");
        peer.Transport.WriteFailure = new IOException("silence", new SocketException((int)SocketError.TimedOut));
        peer.Transport.Say(() => [.. peer.Server13!.UpdateKey(1), .. peer.Seal([5])]);
        byte[] read = new byte[10];
        Assert.Equal(1, synchronous ? peer.Connection.Read(read) : await peer.Connection.ReadAsync(read));
        Assert.Equal(5, read[0]);
        Assert.Throws<TransportException>(() => peer.Connection.Write([1]));
    }

    [Fact]
    public async Task Who_asks_for_nothing_waits_for_data_and_takes_none()
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3");
        int before = peer.Transport.EmptyReads;
        Task<int> waiting = peer.Connection.ReadAsync(Memory<byte>.Empty).AsTask();
        await Task.Yield();
        Assert.False(waiting.IsCompleted);
        Assert.Equal(before + 1, peer.Transport.EmptyReads);
        peer.Say([6]);
        Assert.Equal(0, await waiting);
        byte[] read = new byte[10];
        Assert.Equal(1, await peer.Connection.ReadAsync(read));
        Assert.Equal(6, read[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_is_not_resumed_when_its_connection_ended_in_a_fatal_alert(bool sent)
    {
        using var sessions = new SessionCache();
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3", options => options with { Sessions = sessions });
        peer.Transport.Say(() => [.. peer.Server13!.Seal(Wire.Handshake, Scripted13Replay.Ticket(100)), .. peer.Seal([1])]);
        Assert.Equal(1, await peer.Connection.ReadAsync(new byte[10]));
        Assert.Equal(1, sessions.Count);
        peer.Transport.Say(() =>
        {
            byte[] record = sent ? peer.Seal([1]) : peer.SealAlert(2, 40);
            record[^1] ^= (byte)(sent ? 1 : 0);
            return record;
        });
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadAsync(new byte[10]));
        Assert.Equal(sent ? FaultReason.BadRecordMac : FaultReason.AlertReceived, fault.Fault.Reason);
        Assert.Equal(0, sessions.Count);
    }

    [Fact]
    public async Task A_session_outlives_a_connection_that_was_merely_cut()
    {
        using var sessions = new SessionCache();
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3", options => options with { Sessions = sessions });
        peer.Transport.Say(() => peer.Server13!.Seal(Wire.Handshake, Scripted13Replay.Ticket(100)));
        peer.Transport.End();
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(async () => await peer.Connection.ReadAsync(new byte[10]));
        Assert.Equal(FaultReason.TruncatedByPeer, fault.Fault.Reason);
        Assert.Equal(1, sessions.Count);
    }

    [Fact]
    public void Options_that_cannot_serve_are_refused_with_what_to_do()
    {
        TlsConnectionOptions options = ScriptedConnection.Make("1.3").Connection.Options;
        Assert.Contains("certificate", Assert.Throws<ArgumentException>(() => options with { ServerName = "" }).Message, StringComparison.Ordinal);
        Assert.Contains("InfiniteTimeSpan", Assert.Throws<ArgumentOutOfRangeException>(() => options with { Timeout = TimeSpan.Zero }).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => options with { TimeProvider = null! });
        Assert.Throws<ArgumentNullException>(() => options with { Credentials = null! });
        Assert.Throws<ArgumentNullException>(() => options with { Logger = null! });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new TcpOptions { ConnectTimeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new TcpOptions { AttemptDelay = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(static () => new TcpOptions { KeepAlive = TimeSpan.Zero });
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)((i * 5) + (i >> 8) + 1))];
}
