using System;
using System.Linq;
using System.Threading.Tasks;
using Thimble.Tests.Tls;
using Xunit;

namespace Thimble.Tests.Bogo;

/// <summary>The shim against servers that break the rules: exit code 1, and the fault's name for the runner to find.</summary>
public sealed class ShimFaultTests(BogoPki pki) : IClassFixture<BogoPki>
{
    private static readonly byte[] s_data = [.. Enumerable.Range(0, 40).Select(static i => (byte)i)];

    [Theory]
    [InlineData("")]
    [InlineData("-async")]
    public async Task A_scripted_server_hears_the_echo_in_TLS_1_2(string flags)
    {
        var server = new ScriptedServer { Identity = pki.P256.Identity };
        bool sent = false;
        ShimRun run = await ShimRun.Of(ShimRun.Scripted(() => server, More), [.. Trust(pki.P256), "-no-tls13", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        run.AssertPassed();
        Assert.Equal(s_data.Select(static octet => (byte)(octet ^ 0xFF)), server.ReceivedData);

        byte[] More()
        {
            bool speaks = !sent && server.SawFinished;
            sent |= speaks;
            return speaks ? server.Seal(Wire.ApplicationData, s_data)
                : server.ReceivedData.Length == s_data.Length ? server.Seal(Wire.Alert, [1, 0]) : [];
        }
    }

    public static TheoryData<string, string, string> Faults12 => new()
    {
        { "version", ":VersionUnsupported:", "" },
        { "suite", ":SuiteNotOffered:", "-async" },
        { "compression", ":CompressionNotOffered:", "" },
        { "extension", ":ExtensionNotOffered:", "" },
        { "duplicate", ":DuplicateHelloExtension:", "-async" },
        { "signature", ":ServerKeyExchangeSignatureInvalid:", "" },
        { "finished", ":FinishedMismatch:", "-async" },
        { "alert", ":AlertReceived:40:", "" },
        { "garbage", ":RecordTypeUnknown:", "" },
        { "tag", ":BadRecordMac:", "-implicit-handshake" },
    };

    [Theory]
    [MemberData(nameof(Faults12))]
    public async Task A_fault_in_TLS_1_2_has_its_name(string what, string token, string flags)
    {
        ShimRun run = await ShimRun.Of(
            ShimRun.Scripted(() => Faulty12(what)), [.. Trust(pki.P256), "-no-tls13", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        run.AssertFailed(token);
    }

    public static TheoryData<string, string, string> Faults13 => new()
    {
        { "session id", ":SessionIdMismatch:", "" },
        { "group", ":GroupNotOffered:", "" },
        { "signature", ":CertificateVerifyInvalid:", "-async" },
        { "finished", ":FinishedMismatch:", "" },
        { "retries", ":SecondHelloRetryRequest:", "-async" },
        { "extension", ":ExtensionMisplaced:", "" },
    };

    [Theory]
    [MemberData(nameof(Faults13))]
    public async Task A_fault_in_TLS_1_3_has_its_name(string what, string token, string flags)
    {
        ShimRun run = await ShimRun.Of(
            ShimRun.Scripted(() => Faulty13(what)), [.. Trust(pki.P256), .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        run.AssertFailed(token);
    }

    [Fact]
    public async Task A_certificate_that_the_flags_do_not_trust_is_refused_without_any_flag()
    {
        ShimRun run = await ShimRun.Of(ShimRun.Scripted(() => new ScriptedServer13 { Identity = pki.P256.Identity }), Trust(pki.Rsa));
        run.AssertFailed(":IssuerUnknown:");
    }

    private static string[] Trust(BogoCredential credential) => ["-trust-cert", credential.RootFile];

    private ScriptedServer Faulty12(string what)
    {
        ScriptedIdentity identity = pki.P256.Identity;
        return what switch
        {
            "version" => new ScriptedServer { Identity = identity, Version = 0x0302 },
            "suite" => new ScriptedServer { Identity = identity, SuiteOnTheWire = 0x002F },
            "compression" => new ScriptedServer { Identity = identity, Compression = 1 },
            "extension" => new ScriptedServer { Identity = identity, Extensions = static list => list.Add((5, [])) },
            "duplicate" => new ScriptedServer { Identity = identity, Extensions = static list => list.Add(list[0]) },
            "signature" => new ScriptedServer { Identity = identity, Signature = Flip },
            "finished" => new ScriptedServer { Identity = identity, VerifyData = Flip },
            "alert" => new ScriptedServer { Identity = identity, FirstFlight = static _ => Wire.Record(Wire.Alert, [2, 40]) },
            "garbage" => new ScriptedServer { Identity = identity, FirstFlight = static _ => "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray() },
            "tag" => new ScriptedServer
            {
                Identity = identity,
                SecondFlight = static server =>
                    [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. server.Seal(Wire.Handshake, server.FinishedMessage()), .. Flip(server.Seal(Wire.ApplicationData, s_data))],
            },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    private ScriptedServer13 Faulty13(string what)
    {
        ScriptedIdentity identity = pki.P256.Identity;
        return what switch
        {
            "session id" => new ScriptedServer13 { Identity = identity, SessionId = static sent => Flip(sent) },
            "group" => new ScriptedServer13 { Identity = identity, GroupOnTheWire = 25 },
            "signature" => new ScriptedServer13 { Identity = identity, Signature = Flip },
            "finished" => new ScriptedServer13 { Identity = identity, VerifyData = Flip },
            "retries" => new ScriptedServer13 { Identity = identity, Cookie = [1, 2, 3], Retries = 2 },
            "extension" => new ScriptedServer13 { Identity = identity, EncryptedExtensions = static list => list.Add((51, [])) },
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
    }

    private static byte[] Flip(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
}
