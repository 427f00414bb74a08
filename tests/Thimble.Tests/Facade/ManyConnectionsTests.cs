using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>Connections leave nothing behind.</summary>
[Collection(AloneTests.Name)]
public sealed class ManyConnectionsTests
{
    private const int Connections = 1_000;
    private const int AtOnce = 20;

    [Fact]
    public async Task A_thousand_connections_leave_no_memory_no_handle_and_no_session_behind()
    {
        await using var server = new PlatformEcho(SslProtocols.None);
        await ConnectAll(server, AtOnce);
        GC.Collect(); // what other tests left behind does not count
        GC.WaitForPendingFinalizers();
        long memory = PlanBuffer.LiveBytes;
        int handles = Handles();
        Assert.InRange(await ConnectAll(server, Connections), 1, Connections);
        Assert.Equal(memory, PlanBuffer.LiveBytes);
        Assert.InRange(Handles(), 0, handles + 10); // the thread pool's own
    }

    /// <summary>Some are closed, some disposed of, some cut in the handshake.</summary>
    /// <returns>How many went on with a session. Each is used once, so that none may be left in the end.</returns>
    private static async Task<int> ConnectAll(PlatformEcho server, int connections)
    {
        int resumed = 0;
        using var sessions = new SessionCache(capacity: 8);
        TlsConnectionOptions options = server.Options with { Sessions = sessions, Timeout = TimeSpan.FromSeconds(60) };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, connections),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, _) =>
            {
                if (i % 10 == 9)
                {
                    await Cut(server, options, TimeSpan.FromMilliseconds(i % 7));
                }
                else if (await Talk(server, options, closes: i % 2 == 0))
                {
                    Interlocked.Increment(ref resumed);
                }
            });
        Assert.InRange(sessions.Count, 0, 8);
        await server.IdleAsync();
        return resumed;
    }

    private static async Task<bool> Talk(PlatformEcho server, TlsConnectionOptions options, bool closes)
    {
        await using TlsConnection connection = await TlsConnection.ConnectAsync("127.0.0.1", server.Port, options);
        byte[] one = [1];
        await connection.WriteAsync(one);
        Assert.Equal(1, await connection.ReadAsync(one));
        if (closes)
        {
            await connection.CloseAsync();
        }

        return connection.Resumed;
    }

    private static async Task Cut(PlatformEcho server, TlsConnectionOptions options, TimeSpan after)
    {
        using var end = new CancellationTokenSource(after);
        try
        {
            await using ThimbleStream made = await ThimbleStream.ConnectAsync("127.0.0.1", server.Port, options, null, end.Token);
        }
        catch (OperationCanceledException)
        {
            // As it was meant.
        }
    }

    private static int Handles()
    {
        using Process self = Process.GetCurrentProcess();
        return OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : self.HandleCount;
    }
}
