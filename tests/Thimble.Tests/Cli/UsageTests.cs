using System;
using System.Linq;
using Thimble.Cli;
using Xunit;

namespace Thimble.Tests.Cli;

public sealed class UsageTests
{
    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("plan --bits 16")]
    [InlineData("plan --bits")]
    [InlineData("plan --profile none")]
    [InlineData("plan --max-rsa 1024")]
    [InlineData("plan --max-rsa 2048.0")]
    [InlineData("plan --window 0")]
    [InlineData("plan --window 99999999999999999999")]
    [InlineData("plan --suites nonsense")]
    [InlineData("plan --groups none")]
    [InlineData("plan --tls 1.1")]
    [InlineData("connect localhost:8883 --cafile x --tls 1.4")]
    [InlineData("plan --max-rsa 0 --max-ecdsa 0")]
    [InlineData("plan --max-rsa 0 --suites EcdheRsaAes128GcmSha256")]
    [InlineData("plan --max-ecdsa 0 --suites EcdheEcdsaAes128Ccm")]
    [InlineData("plan --suites PskAes128Ccm8")]
    [InlineData("plan --suites EcdheEcdsaAes256Ccm --tls 1.3")]
    [InlineData("plan --suites Aes128CcmSha256 --tls 1.2")]
    [InlineData("plan --client-key dsa")]
    [InlineData("demo --client-key none")]
    [InlineData("demo --client-key ed25519")]
    [InlineData("demo extra")]
    [InlineData("connect")]
    [InlineData("connect localhost:8883")]
    [InlineData("connect localhost --cafile x")]
    [InlineData("connect localhost:0 --cafile x")]
    [InlineData("connect localhost:65536 --cafile x")]
    [InlineData("connect :8883 --cafile x")]
    [InlineData("connect mqtts://localhost:8883 --cafile x")]
    [InlineData("connect ::1:8883 --cafile x")]
    [InlineData("connect localhost:8883 --cafile x --cert y")]
    [InlineData("connect localhost:8883 --cafile x --key y")]
    [InlineData("connect localhost:8883 --cafile x --time yesterday-ish")]
    [InlineData("connect localhost:8883 --cafile x --timeout 0")]
    [InlineData("connect localhost:8883 --psk 000102030405060708090a0b0c0d0e0f --psk-identity=")]
    public void Wrong_usage_is_2_with_the_reason(string line)
    {
        CliRun run = CliRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.StartsWith("thimble: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("demo --help")]
    [InlineData("connect --help")]
    [InlineData("plan --help")]
    [InlineData("--version")]
    public void Help_and_version_are_good(string line)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(ExitCode.Good, run.ExitCode);
        Assert.NotEmpty(run.Output);
        Assert.All(run.Output.Split('\n'), text => Assert.InRange(text.Length, 0, 100));
        Assert.DoesNotContain("{", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("broker.example.org:8883", "broker.example.org", 8883)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void A_server_is_a_name_or_an_address_with_a_port(string text, string host, int port) =>
        Assert.Equal(new HostAndPort(host, port), HostAndPort.Parse(text));

    [Fact]
    public void No_text_makes_the_reader_of_servers_fail_otherwise_than_by_saying_no()
    {
        var random = new Random(7);
        const string Alphabet = "a1:[].-/@ \u00e4";
        for (int round = 0; round < 20_000; round++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            HostAndPort? server = HostAndPort.Parse(text);
            Assert.True(server is null or { Port: > 0, Host.Length: > 0 });
        }
    }
}
