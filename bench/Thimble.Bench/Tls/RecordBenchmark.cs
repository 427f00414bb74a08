using System.Net.Security;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace Thimble.Bench.Tls;

/// <summary>Records of TLS 1.2 with AES-128-GCM, over connections to the platform's server in this process.</summary>
public abstract class RecordBenchmark : Comparison
{
    private const int MaxContentBytes = 16 * 1024;

    /// <summary>The length of the record's content.</summary>
    [Params(64, 1024, MaxContentBytes)]
    public int Bytes { get; set; }

    private protected byte[] Content { get; private set; } = [];

    private protected ThimbleClient? Ours { get; private set; }

    private protected PipeStream? OurTransport { get; private set; }

    private protected SslStream? OurServer { get; private set; }

    private protected SslStream? Theirs { get; private set; }

    private protected PipeStream? TheirTransport { get; private set; }

    private protected SslStream? TheirServer { get; private set; }

    public override void Setup()
    {
        Content = RandomNumberGenerator.GetBytes(Bytes);
        (OurTransport, System.Threading.Tasks.Task<SslStream> ourServer) = ScenarioR.Shared.Connect(HandshakeKind.Full12);
        Ours = ScenarioR.Shared.CreateClient(HandshakeKind.Full12, MaxContentBytes);
        Ours.Handshake(OurTransport);
        OurServer = ourServer.Result;

        (TheirTransport, System.Threading.Tasks.Task<SslStream> theirServer) = ScenarioR.Shared.Connect(HandshakeKind.Full12);
        Theirs = new SslStream(TheirTransport);
        Theirs.AuthenticateAsClient(ScenarioR.Shared.ClientOptions(HandshakeKind.Full12));
        TheirServer = theirServer.Result;
    }

    protected override void Release()
    {
        Ours?.Dispose();
        OurServer?.Dispose();
        Theirs?.Dispose();
        TheirServer?.Dispose();
    }
}
