using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>.NET's HTTP client over <see cref="ThimbleStream"/>.</summary>
public sealed class HttpClientTests
{
    private static readonly byte[] s_body = RandomNumberGenerator.GetBytes(200_000);

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Requests_share_connections_bodies_go_both_ways_and_cancelled_ones_harm_nobody(SslProtocols version)
    {
        int connections = 0;
        await using var server = new PlatformEcho(version, Answer);
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, stop) =>
            {
                Interlocked.Increment(ref connections);
                TlsConnectionOptions options = server.Options with { ServerName = context.DnsEndPoint.Host, Alpn = "http/1.1" };
                return await ThimbleStream.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, options, null, stop);
            },
        };
        using var client = new HttpClient(handler) { BaseAddress = new Uri($"http://localhost:{server.Port}"), Timeout = TimeSpan.FromSeconds(60) };
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(s_body, await client.GetByteArrayAsync(new Uri("/", UriKind.Relative)));
        }

        Assert.Equal(1, connections);
        using HttpResponseMessage echoed = await client.PostAsync(new Uri("/", UriKind.Relative), new ByteArrayContent(s_body));
        Assert.Equal(s_body, await echoed.Content.ReadAsByteArrayAsync());

        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(new Uri("/never", UriKind.Relative), impatience.Token));
        byte[][] bodies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetByteArrayAsync(new Uri("/", UriKind.Relative))));
        Assert.All(bodies, static body => Assert.Equal(s_body, body));
        Assert.InRange(connections, 2, 10);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_fails_the_request_with_the_explanation()
    {
        await using var server = new PlatformEcho(SslProtocols.None, Answer);
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, stop) =>
                await ThimbleStream.ConnectAsync("127.0.0.1", context.DnsEndPoint.Port, server.Options with { ServerName = "other.example.com" }, null, stop),
        };
        using var client = new HttpClient(handler);
        Exception? failure = await Assert.ThrowsAnyAsync<Exception>(() => client.GetAsync(new Uri($"http://localhost:{server.Port}/")));
        while (failure is not (null or TlsFaultException))
        {
            failure = failure.InnerException;
        }

        Assert.Contains("other.example.com", failure!.Message, StringComparison.Ordinal);
    }

    /// <summary>As much of HTTP/1.1 as the client needs: a body for GET, the same body back for POST, and never an answer for "/never".</summary>
    private static async Task Answer(SslStream stream)
    {
        using var buffer = new BufferedStream(stream);
        while (await ReadHead(buffer) is { Length: > 0 } head)
        {
            string? length = head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            byte[] body = length is null ? s_body : new byte[int.Parse(length["Content-Length:".Length..], CultureInfo.InvariantCulture)];
            if (length is not null)
            {
                await buffer.ReadExactlyAsync(body);
            }

            if (head.Contains("/never", StringComparison.Ordinal))
            {
                continue;
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n"));
            await stream.WriteAsync(body);
        }
    }

    private static async Task<string> ReadHead(Stream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
