using System;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using BenchmarkDotNet.Attributes;

namespace Thimble.Bench.Tls;

/// <summary>
/// Thimble's side of the handshake of scenario R against a recorded server. The platform's client has no fixed seed and
/// so no such benchmark: the table of <c>--quick</c> compares the processor time of both clients in live handshakes.
/// </summary>
public class HandshakeReplay : IDisposable
{
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(48);
    private ThimbleClient? _client;
    private RecordedServer? _server;

    [GlobalSetup]
    public void Setup()
    {
        _client = ScenarioR.Shared.CreateClient(HandshakeKind.Full12);
        (PipeStream transport, Task server) = ScenarioR.Shared.Connect(HandshakeKind.Full12);
        _server = new RecordedServer(transport);
        _client.Handshake(_server, _seed);
        server.Wait();

        // A busy machine compiles hot methods late, and BenchmarkDotNet's few warm-ups would not wait for that.
        for (int i = 0; i < 400; i++)
        {
            Thimble();
            Thread.Sleep(i % 50 == 0 ? 150 : 0);
        }
    }

    [Benchmark]
    public void Thimble()
    {
        _server!.Rewind();
        _client!.Handshake(_server, _seed);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _server?.Dispose();
        _client?.Dispose();
        GC.SuppressFinalize(this);
    }
}
