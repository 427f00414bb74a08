using System;
using System.Net.Security;
using BenchmarkDotNet.Attributes;

namespace Thimble.Bench.Tls;

/// <summary>Takes records that the server sent beforehand from the transport and opens them.</summary>
public class RecordRead : RecordBenchmark
{
    private const int Records = 256;

    private byte[] _received = [];

    public override int OperationsPerCall => Records;

    public override void Setup()
    {
        base.Setup();
        _received = new byte[Bytes];
    }

    [IterationSetup]
    public override void Prepare()
    {
        Fill(OurTransport!, OurServer!);
        Fill(TheirTransport!, TheirServer!);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public override void Platform()
    {
        for (int i = 0; i < Records; i++)
        {
            Theirs!.ReadExactly(_received);
        }
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public override void Thimble()
    {
        for (int i = 0; i < Records; i++)
        {
            for (int read = 0; read < _received.Length;)
            {
                read += Ours!.Read(OurTransport!, _received.AsSpan(read));
            }
        }
    }

    private void Fill(PipeStream transport, SslStream server)
    {
        for (int i = transport.Incoming.IsEmpty ? 0 : Records; i < Records; i++)
        {
            server.Write(Content);
        }
    }
}
