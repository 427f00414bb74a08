using System;
using System.IO;
using System.Text.RegularExpressions;
using Thimble.Cli;
using Thimble.Cli.Device;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Device;

/// <summary>From a broker to a device: <c>probe --save</c>, <c>plan</c> and <c>device run</c> speak of one profile.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class ProbedDeviceTests(PeerPki pki) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-probed-");

    public void Dispose() => _folder.Delete(recursive: true);

    [PeerFact("mosquitto", "mosquitto_sub", "mosquitto_pub", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void What_a_probe_saved_is_compiled_planned_and_run_on_the_device()
    {
        string file = Path.Combine(_folder.FullName, "broker.json");
        using (MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("rsa-4")))
        {
            PeerIdentity client = pki.Client("p256")!;
            CliRun probe = CliRun.Of("probe", $"localhost:{broker.Port}", "--cafile", broker.RootFile, "--cert", client.ChainFile, "--key", client.KeyFile, "--save", file);
            Assert.True(probe.ExitCode == ExitCode.Good, probe.Output + probe.Error);
        }

        Profile profile = ProfileFile.Read(file).Profile;
        Assert.Equal((TlsVersions.Tls12, CipherSuites.EcdheRsaChaCha20Poly1305Sha256, Groups.Secp256r1, 256), (profile.Versions, profile.Suites, profile.Groups, profile.ClientEcdsaBits));
        int planned = CliRun.Of("plan", "--profile", file, "--bits", "32", "--json").Json.GetProperty("memory").GetProperty("plannedBytes").GetInt32();

        CliRun run = CliRun.Of("device", "run", "--once", "--profile", file);
        string said = Regex.Replace(run.Output, @"\s+", " ");
        Assert.True(run.ExitCode == ExitCode.Good, run.Output + run.Error);
        Assert.Contains("Compiled in: TLS 1.2, ChaCha20Poly1305, P256, RsaVerify.", said, StringComparison.Ordinal);
        Assert.Contains("handshake TLS 1.2, suite 0000cca8,", said, StringComparison.Ordinal);
        Assert.Contains($"static 0 B, tls+mqtt {planned} B, network {FirmwareLimits.NetworkBytes} B, firmware {FirmwareLimits.OwnBytes} B,", said, StringComparison.Ordinal);
    }
}
