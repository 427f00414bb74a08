using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tests.Tls;
using Xunit;

namespace Thimble.Tests.Bogo;

/// <summary>The runner's part for one test: it listens, starts the shim with flags, knows it by its id, and serves each connection.</summary>
/// <param name="ExitCode">0, 1, 89 or 90.</param>
/// <param name="Error">What the shim said on standard error.</param>
/// <param name="Output">What it said on standard output.</param>
/// <param name="Connections">How many connections it made.</param>
internal sealed record ShimRun(int ExitCode, string Error, string Output, int Connections)
{
    public const int Declined = 89;
    public const int MustFail = 90;

    private const ulong ShimId = 0x8070_6050_4030_2010;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Runs the shim to its end; <paramref name="serve"/> is given each connection after the id was read.</summary>
    public static async Task<ShimRun> Of(Func<NetworkStream, CancellationToken, Task>? serve, params string[] flags)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using Process shim = Start([.. serve is null ? [] : Address(listener), .. flags]);
        using var over = new CancellationTokenSource(Patience);
        Task<string> output = shim.StandardOutput.ReadToEndAsync();
        Task<string> error = shim.StandardError.ReadToEndAsync();
        int connections = 0;
        Task serving = serve is null ? Task.CompletedTask : Task.Run(async () =>
        {
            while (true)
            {
                using TcpClient accepted = await listener.AcceptTcpClientAsync(over.Token);
                connections++;
                accepted.NoDelay = true;
                await ReadId(accepted.GetStream(), over.Token);
                await serve(accepted.GetStream(), over.Token);
            }
        });
        try
        {
            await shim.WaitForExitAsync(over.Token);
        }
        finally
        {
            if (!shim.HasExited)
            {
                shim.Kill();
            }

            await over.CancelAsync();
        }

        await Ended(serving);
        return new ShimRun(shim.ExitCode, await error, await output, connections);
    }

    /// <summary>How long it takes from the start of the shim to the first byte of its ClientHello, and the processor time of that. The connection is over then.</summary>
    public static async Task<(TimeSpan Passed, TimeSpan Processor)> TimeToHello(params string[] flags)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = new CancellationTokenSource(Patience);
        var watch = Stopwatch.StartNew();
        using Process shim = Start([.. Address(listener), .. flags]);
        try
        {
            using TcpClient accepted = await listener.AcceptTcpClientAsync(over.Token);
            await ReadId(accepted.GetStream(), over.Token);
            await accepted.GetStream().ReadExactlyAsync(new byte[1], over.Token);
            return (watch.Elapsed, shim.TotalProcessorTime);
        }
        finally
        {
            shim.Kill();
            await shim.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>A scripted server at each connection. <paramref name="more"/> is asked, after each answer, for what else to send.</summary>
    public static Func<NetworkStream, CancellationToken, Task> Scripted(Func<IScriptedServer> make, Func<byte[]>? more = null) => async (stream, stop) =>
    {
        IScriptedServer server = make();
        byte[] received = new byte[1 << 14];
        for (int read; (read = await stream.ReadAsync(received, stop)) > 0;)
        {
            await stream.WriteAsync(server.Answer(received.AsSpan(0, read)), stop);
            await stream.WriteAsync(more?.Invoke() ?? [], stop);
        }
    };

    /// <summary>Success is silent: the runner takes any word on standard error for a failure.</summary>
    public void AssertPassed(int connections = 1)
    {
        Assert.Equal((0, "", connections), (ExitCode, Error, Connections));
    }

    public void AssertFailed(string token)
    {
        Assert.Contains(token, Error, StringComparison.Ordinal);
        Assert.Equal(1, ExitCode);
    }

    public static string Folder
    {
        get
        {
            DirectoryInfo? at = new(AppContext.BaseDirectory);
            while (at is not null && !File.Exists(Path.Combine(at.FullName, "Thimble.slnx")))
            {
                at = at.Parent;
            }

            return Path.Combine(at?.FullName ?? throw new DirectoryNotFoundException("Thimble.slnx"), "tests", "BogoShim");
        }
    }

    private static string[] Address(TcpListener listener) =>
        ["-port", $"{((IPEndPoint)listener.LocalEndpoint).Port}", "-shim-id", $"{ShimId}"];

    private static Process Start(string[] flags) => Process.Start(new ProcessStartInfo(Path.Combine(Folder, "bin", "shim", "BogoShim"), flags)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    })!;

    private static async Task ReadId(NetworkStream stream, CancellationToken stop)
    {
        byte[] id = new byte[sizeof(ulong)];
        await stream.ReadExactlyAsync(id, stop);
        Assert.Equal(ShimId, BinaryPrimitives.ReadUInt64LittleEndian(id));
    }

    /// <summary>The accepting ends when the shim has; so does a server that it left.</summary>
    private static async Task Ended(Task serving)
    {
        try
        {
            await serving;
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or InvalidDataException)
        {
            // What counts is what the shim says. A scripted server throws at an alert in a place where it waits for something else.
        }
    }
}
