using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tests.Tls;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>What reads and writes of an open connection cost the garbage-collected heap: nothing, whether the transport is ready or late.</summary>
public sealed class SteadyStateTests
{
    private const int Rounds = 300;
    private const int MostWindows = 30;
    private const int RecordBytes = 200;

    public static TheoryData<string, bool, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, bool, bool>();
            foreach (string version in new[] { "1.2", "1.3" })
            {
                foreach (bool late in new[] { false, true })
                {
                    ways.Add(version, late, false);
                    ways.Add(version, late, true);
                }
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Reads_and_writes_allocate_nothing(string version, bool late, bool stream)
    {
        SteadyTransport? steady = null;
        using ScriptedConnection peer = await ScriptedConnection.OpenAsync(version, null, transport => steady = new SteadyTransport(transport));
        await using ThimbleStream? over = stream ? new ThimbleStream(peer.Connection, leaveConnectionOpen: true) : null;
        steady!.Load(Wire.Join(Enumerable.Range(0, MostWindows * Rounds).Select(_ => peer.Seal(new byte[RecordBytes]))));
        steady.IsLate = late;

        Task<long> measured = Measure(peer.Connection, over);
        steady.Pump(measured);
        Assert.Equal(0, await measured);
        Assert.Equal(0, peer.Connection.GcAllocatedBytes);
    }

    /// <summary>
    /// All of it runs on the thread that pumps, and so does the count. Code that the runtime has not optimised yet boxes awaiters, and the first
    /// rounds fill the pools, so rounds are counted by windows, until two in a row took nothing.
    /// </summary>
    private static async Task<long> Measure(TlsConnection connection, ThimbleStream? stream)
    {
        byte[] buffer = new byte[RecordBytes];
        long allocated = long.MaxValue;
        int free = 0;
        for (int window = 0; window < MostWindows && free < 2; window++)
        {
            Thread.Sleep(allocated == 0 ? 0 : 150); // the runtime optimises when nothing new is called for a while
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int round = 0; round < Rounds; round++)
            {
                for (int read = 0; read < RecordBytes;)
                {
                    read += await Read(connection, stream, buffer.AsMemory(read)).ConfigureAwait(false); // on the pump's thread, and not where the test began
                }

                await Write(connection, stream, buffer).ConfigureAwait(false);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            free = allocated == 0 ? free + 1 : 0;
        }

        return allocated;
    }

    private static ValueTask<int> Read(TlsConnection connection, ThimbleStream? stream, Memory<byte> buffer) =>
        stream is null ? connection.ReadAsync(buffer) : stream.ReadAsync(buffer);

    private static ValueTask Write(TlsConnection connection, ThimbleStream? stream, ReadOnlyMemory<byte> data) =>
        stream is null ? connection.WriteAsync(data) : stream.WriteAsync(data);
}
