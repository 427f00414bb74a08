#pragma warning disable CA1835, CA2022 // each overload is called for its own sake, and a read for what it gives
using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary><see cref="ThimbleStream"/> behaves as a stream of .NET does.</summary>
public sealed class ThimbleStreamTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static TheoryData<SslProtocols> Versions => [SslProtocols.Tls12, SslProtocols.Tls13];

    /// <summary>Two megabytes both ways at once, in pieces of every size, while both transports push back.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_is_written_comes_back_while_more_is_written(SslProtocols version)
    {
        await using var server = new PlatformEcho(version);
        await using ThimbleStream stream = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, server.Options);
        byte[] message = RandomNumberGenerator.GetBytes(2 << 20);
        var sizes = new Random(3);
        Task writing = Task.Run(async () =>
        {
            for (int at = 0; at < message.Length;)
            {
                int bytes = Math.Min(sizes.Next(1, 40_000), message.Length - at);
                await stream.WriteAsync(message.AsMemory(at, bytes));
                at += bytes;
            }
        });
        byte[] back = new byte[message.Length];
        await stream.ReadExactlyAsync(back).AsTask().WaitAsync(s_patience);
        await writing;
        Assert.Equal(message, back);
        Assert.Equal(version, stream.SslProtocol);
        Assert.Equal(stream.Connection.Suite, (ushort)stream.NegotiatedCipherSuite);
        Assert.Equal(0, stream.Connection.GcAllocatedBytes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_whole_contract_of_a_stream_holds(SslProtocols version)
    {
        await using var server = new PlatformEcho(version);
        ThimbleStream stream = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, server.Options with { Alpn = "http/1.1" });
        Assert.Equal(SslApplicationProtocol.Http11, stream.NegotiatedApplicationProtocol);
        Assert.Equal((true, true, false, true), (stream.CanRead, stream.CanWrite, stream.CanSeek, stream.CanTimeout));
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Position = 1);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => stream.SetLength(1));
        Assert.Throws<ArgumentNullException>(() => stream.Read(null!, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Write(new byte[1], 1, 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await stream.ReadAsync(new byte[1], -1, 1));

        stream.WriteByte(1);
        stream.Write([2, 3], 0, 2);
        stream.Write([4]);
        await stream.WriteAsync(new byte[] { 5, 6 }, 1, 1);
        await stream.WriteAsync(ReadOnlyMemory<byte>.Empty);
        await Task.Factory.FromAsync(stream.BeginWrite, stream.EndWrite, new byte[] { 7 }, 0, 1, null);
        stream.Flush();
        await stream.FlushAsync();

        byte[] buffer = new byte[2];
        Assert.Equal(0, stream.Read([]));
        Assert.Equal(0, await stream.ReadAsync(Memory<byte>.Empty));
        Assert.Equal(1, stream.ReadByte());
        stream.ReadExactly(buffer, 0, 2);
        Assert.Equal([2, 3], buffer);
        await stream.ReadExactlyAsync(buffer.AsMemory(0, 1));
        Assert.Equal(4, buffer[0]);
        Assert.Equal(1, await Task.Factory.FromAsync(stream.BeginRead, stream.EndRead, buffer, 0, 1, null));
        Assert.Equal(6, buffer[0]);
        Assert.Equal(7, stream.ReadByte());

        stream.ReadTimeout = 50;
        Assert.Equal(50, stream.ReadTimeout);
        IOException late = Assert.Throws<IOException>(() => stream.ReadByte());
        Assert.Equal(TransportProblem.TimedOut, Assert.IsType<TransportException>(late.InnerException).Problem);
        Assert.Equal(late.InnerException!.Message, late.Message);
        stream.ReadTimeout = Timeout.Infinite;
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.WriteTimeout = 0);
        stream.WriteByte(8);
        Assert.Equal(8, stream.ReadByte());

        await stream.DisposeAsync();
        await stream.DisposeAsync();
        stream.Dispose();
        Assert.Equal((false, false), (stream.CanRead, stream.CanWrite));
        Assert.Throws<ObjectDisposedException>(() => stream.ReadByte());
        Assert.Throws<ObjectDisposedException>(() => stream.WriteByte(1));
        Assert.Throws<ObjectDisposedException>(stream.Flush);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadAsync(buffer));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.WriteAsync(buffer));
    }

    [Fact]
    public async Task The_end_of_the_server_s_data_is_the_end_of_a_copy()
    {
        byte[] said = RandomNumberGenerator.GetBytes(100_000);
        await using var server = new PlatformEcho(SslProtocols.None, async stream =>
        {
            await stream.WriteAsync(said);
            await stream.ShutdownAsync();
        });
        await using ThimbleStream stream = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, server.Options);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy).WaitAsync(s_patience);
        Assert.Equal(said, copy.ToArray());
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
        Assert.Equal(-1, stream.ReadByte());
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Disposing_says_goodbye_and_disposes_of_what_was_given(bool leaveOpen, bool synchronously)
    {
        using ScriptedConnection peer = ScriptedConnection.Make("1.3");
        ThimbleStream stream = await ThimbleStream.AuthenticateAsync(peer.Transport, peer.Connection.Options, leaveOpen);
        if (synchronously)
        {
            stream.Dispose();
        }
        else
        {
            await stream.DisposeAsync();
        }

        Assert.Equal([1, 0], Assert.Single(peer.ReceivedAlerts));
        Assert.Equal(!leaveOpen, peer.Transport.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => stream.Connection.Suite);
    }

    [Fact]
    public async Task A_connection_that_is_left_open_goes_on()
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3");
        await new ThimbleStream(peer.Connection, leaveConnectionOpen: true).DisposeAsync();
        await peer.Connection.WriteAsync(new byte[] { 1 });
        Assert.Equal([(byte)1], peer.ReceivedData);
        Assert.Empty(peer.ReceivedAlerts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handshake_that_fails_disposes_of_the_transport_unless_told_otherwise(bool leaveOpen)
    {
        using ScriptedConnection peer = ScriptedConnection.Make("1.3");
        TlsConnectionOptions other = peer.Connection.Options with { ServerName = "other.example.com" };
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(() => ThimbleStream.AuthenticateAsync(peer.Transport, other, leaveOpen));
        Assert.Contains("other.example.com", fault.Message, StringComparison.Ordinal);
        Assert.Equal(!leaveOpen, peer.Transport.IsDisposed);
    }

    /// <summary>Whoever gives a request up disposes of its stream while another thread reads.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Disposing_ends_a_read_in_progress(SslProtocols version)
    {
        await using var server = new PlatformEcho(version);
        ThimbleStream stream = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, server.Options);
        Task<int> reading = stream.ReadAsync(new byte[1]).AsTask();
        stream.Dispose();
        Exception? ended = await Record.ExceptionAsync(() => reading.WaitAsync(s_patience));
        Assert.True(ended is null ? await reading == 0 : ended is ObjectDisposedException or IOException, ended?.ToString()); // 0: the server's goodbye came first
    }

    [Fact]
    public async Task A_fault_is_an_IOException_with_the_same_words()
    {
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync("1.3");
        await using var stream = new ThimbleStream(peer.Connection);
        byte[] forged = peer.Seal(new byte[10]);
        forged[^1] ^= 1;
        peer.Transport.Say(forged);
        foreach (bool again in new[] { false, true })
        {
            IOException e = again ? Assert.Throws<IOException>(() => stream.ReadByte()) : await Assert.ThrowsAsync<IOException>(async () => await stream.ReadAsync(new byte[1]));
            TlsFaultException fault = Assert.IsType<TlsFaultException>(e.InnerException);
            Assert.Equal(FaultReason.BadRecordMac, fault.Fault.Reason);
            Assert.Equal(fault.Message, e.Message);
        }

        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1]));
        Assert.Throws<IOException>(() => stream.WriteByte(1));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    public async Task A_signer_elsewhere_is_awaited_and_what_it_throws_is_told(SslProtocols version, bool signs)
    {
        await using var server = new PlatformEcho(version, asksForCertificate: true);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var locked = new InvalidOperationException("The token is locked.");
        var signer = new ClientSigner(async (request, _) =>
        {
            await Task.Yield();
            return signs ? key.SignHash(request.ToBeSigned.Span, DSASignatureFormat.Rfc3279DerSequence) : throw locked;
        });
        using Credentials credentials = Credentials.From([X509CertificateLoader.LoadCertificate(server.Options.Credentials.Anchors[0].RawData)], [TestIdentity.Make("client", key).Certificate], signer);
        TlsConnectionOptions options = server.Options with { Credentials = credentials, Profile = credentials.Fit(server.Options.Profile) };
        if (signs)
        {
            await using ThimbleStream stream = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, options);
            stream.WriteByte(3);
            Assert.Equal(3, stream.ReadByte());
            Assert.True(stream.Connection.SentClientCertificate);
            return;
        }

        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(() => ThimbleStream.ConnectAsync("127.0.0.1", server.Port, options));
        Assert.Equal(FaultReason.NoSignatureProvided, fault.Fault.Reason);
        Assert.Same(locked, fault.InnerException);
    }
}
