using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Servers that are none, or hostile ones: a sentence of what happened, one of what to do, exit code 1, in bounded time and memory.</summary>
public sealed class BadServersTests
{
    private static readonly byte[] s_warning = [21, 3, 3, 0, 2, 1, 112];

    [Theory]
    [InlineData("silent", "TimedOut", "says nothing for 0.5 s")]
    [InlineData("http", "NotTls", "answers in HTTP without TLS ('HTTP/1.1 400 Bad Request')")]
    [InlineData("ssh", "NotTls", "not in TLS: it sends 'SSH-2.0-OpenSSH_9.2'")]
    [InlineData("garbage", "NotTls", "not in TLS: it sends 'C0FFEE")]
    [InlineData("close", "ClosedAtOnce", "closes it without a word")]
    [InlineData("stall", "Stalled", "begins to answer in TLS")]
    [InlineData("huge-record", "Malformed", "a record of 65,535 bytes")]
    [InlineData("warnings", "Malformed", "records that bring nothing")]
    [InlineData("empty-records", "Malformed", "records that bring nothing")]
    [InlineData("huge-message", "Malformed", "a Certificate of 16,777,215 bytes")]
    [InlineData("wrong-message", "Malformed", "a Finished that is malformed, or comes out of turn")]
    [InlineData("refuse", "Refused", "the first with the alert unrecognized_name")]
    public void Each_ends_with_a_sentence(string kind, string reason, string says)
    {
        using var server = new ScriptedServer((_, stream, end) => PlayAsync(kind, stream, end));
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", kind is "silent" or "stall" ? "0.5" : "20");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.StartsWith(reason + ":", run.Error, StringComparison.Ordinal);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(3, run.Error.Split('\n').Length); // the reason, the explanation, and the last line's end
        Assert.Empty(run.Output);
        Assert.InRange(server.Connections, 1, 60);
    }

    [Fact]
    public void A_port_where_nobody_listens_is_told()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        CliRun run = CliRun.Of("probe", $"127.0.0.1:{port}", "--json");
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Equal("ConnectionRefused", run.Json.GetProperty("fault").GetProperty("reason").GetString());
        Assert.False(run.Json.GetProperty("ok").GetBoolean());
    }

    [Fact]
    public void A_name_that_nobody_has_is_told() =>
        Assert.Contains("no machine with the name", CliRun.Of("probe", "nobody.invalid:443").Error, StringComparison.Ordinal);

    [Fact]
    public void A_server_that_stops_answering_is_left_alone()
    {
        using var server = new ScriptedServer((number, stream, end) => PlayAsync(number == 0 ? "refuse" : "silent", stream, end));
        CliRun run = CliRun.Of("probe", $"127.0.0.1:{server.Port}", "--timeout", "0.5");
        Assert.Contains("after 4 connections no more", run.Error, StringComparison.Ordinal);
        Assert.Equal(4, server.Connections);
    }

    [Theory]
    [InlineData("probe")]
    [InlineData("probe localhost")]
    [InlineData("probe localhost:443 --speak gopher")]
    [InlineData("probe localhost:443 --timeout 0")]
    [InlineData("probe localhost:443 --timeout 61")]
    [InlineData("probe localhost:443 --cert x")]
    [InlineData("probe localhost:443 --window 10")]
    [InlineData("probe localhost:443 --servername=")]
    [InlineData("probe localhost:443 --alpn=")]
    public void Wrong_usage_is_2_with_the_reason(string line)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("thimble: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_fits_a_page()
    {
        CliRun run = CliRun.Of("probe", "--help");
        Assert.Equal(ExitCode.Good, run.ExitCode);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public async Task A_probe_that_is_interrupted_ends_clean_and_saves_nothing()
    {
        string file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var server = new ScriptedServer(async (_, stream, end) =>
        {
            await HearAsync(stream, end);
            connected.TrySetResult();
            await Task.Delay(Timeout.Infinite, end);
        });
        using var run = ProgramRun.Start("dotnet", Path.Combine(AppContext.BaseDirectory, "Thimble.Cli.dll"), "probe", "127.0.0.1:" + server.Port.ToString(CultureInfo.InvariantCulture), "--timeout", "60", "--save", file);
        await connected.Task.WaitAsync(TimeSpan.FromSeconds(60));
        run.Signal("INT");
        run.ToEnd();
        Assert.Equal(130, run.ExitCode);
        Assert.Equal("thimble: the probe was interrupted; nothing was saved.", run.Error.Trim());
        Assert.Empty(run.Output);
        Assert.False(File.Exists(file));
    }

    /// <summary>What comes as soon as the first hello did, or before.</summary>
    private static async Task PlayAsync(string kind, NetworkStream stream, CancellationToken end)
    {
        if (kind == "close")
        {
            return;
        }

        await HearAsync(stream, end);
        byte[] answer = kind switch
        {
            "http" => "HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"u8.ToArray(),
            "ssh" => "SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(),
            "garbage" => [0xC0, 0xFF, 0xEE, 0x00, 0x01],
            "stall" => [22, 3, 3, 0, 80, 2, 0, 0, 76, 3, 3],
            "huge-record" => [22, 3, 3, 0xFF, 0xFF],
            "warnings" => [.. Enumerable.Repeat(s_warning, 1000).SelectMany(warning => warning)],
            "empty-records" => [.. Enumerable.Repeat<byte[]>([22, 3, 3, 0, 0], 1000).SelectMany(record => record)],
            "huge-message" => [22, 3, 3, 0, 4, 11, 0xFF, 0xFF, 0xFF],
            "wrong-message" => [22, 3, 3, 0, 4, 20, 0, 0, 0],
            "refuse" => [21, 3, 3, 0, 2, 2, 112],
            _ => [],
        };
        await stream.WriteAsync(answer, end);
        if (kind is "silent" or "stall")
        {
            await Task.Delay(Timeout.Infinite, end);
        }
    }

    private static async Task HearAsync(NetworkStream stream, CancellationToken end) => _ = await stream.ReadAsync(new byte[4096], end);
}
