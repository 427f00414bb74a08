using System;
using System.Linq;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Thimble.Tests.Bogo;

/// <summary>The shim against the platform's own TLS: what a runner's tests that must succeed ask for.</summary>
public sealed class ShimEchoTests(BogoPki pki) : IClassFixture<BogoPki>
{
    [Theory]
    [InlineData("rsa", SslProtocols.Tls12, "-expect-version 771 -expect-cipher 49200 -expect-curve-id 29")]
    [InlineData("p256", SslProtocols.Tls12, "-expect-version 771 -expect-cipher 49196 -no-tls1 -no-tls11 -no-tls13")]
    [InlineData("p384", SslProtocols.Tls12 | SslProtocols.Tls13, "-max-version 771 -expect-version 771")]
    [InlineData("rsa-chain", SslProtocols.Tls13, "-min-version 772 -expect-version 772 -expect-peer-signature-algorithm 2052")]
    [InlineData("p256", SslProtocols.Tls13, "-no-tls12 -expect-peer-signature-algorithm 1027 -verify-peer -use-custom-verify-callback")]
    [InlineData("p384", SslProtocols.Tls13, "-no-tls12 -curves 24 -expect-curve-id 24 -host-name test")]
    [InlineData("named", SslProtocols.Tls13, "-host-name example.com -expect-secure-renegotiation")]
    [InlineData("rsa", SslProtocols.Tls13, "-curves 29 -curves 23 -implicit-handshake -read-size 1")]
    [InlineData("rsa", SslProtocols.Tls13, "-async -no-op-extra-handshake")]
    [InlineData("p256", SslProtocols.Tls12, "-async -partial-write -max-send-fragment 512")]
    public async Task It_echoes_with_all_bits_flipped(string kind, SslProtocols version, string flags)
    {
        BogoCredential credential = Credential(kind);
        ShimRun run = await ShimRun.Of(Serve(credential, version, ExchangeOf(700)), [.. Trust(credential), .. flags.Split(' ')]);
        run.AssertPassed();
    }

    /// <summary>With the runner's own certificates, which are good for an hour.</summary>
    [Theory]
    [InlineData("rsa", SslProtocols.Tls12, "-expect-curve-id 29 -on-resume-expect-no-session")]
    [InlineData("rsa", SslProtocols.Tls13, "-expect-curve-id 29")]
    [InlineData("p256", SslProtocols.Tls12, "-async")]
    [InlineData("p256", SslProtocols.Tls13, "-async -expect-ticket-renewal")]
    [InlineData("rsa-chain", SslProtocols.Tls13, "-implicit-handshake -resumption-delay 3000")]
    public async Task Resumption_goes_on_with_the_session_of_the_connection_before(string kind, SslProtocols version, string flags)
    {
        BogoCredential credential = Credential(kind);
        ShimRun run = await ShimRun.Of(
            Serve(credential, version, ExchangeOf(32)),
            [.. Trust(credential), "-resume-count", "1", "-on-resume-expect-version", version == SslProtocols.Tls12 ? "771" : "772", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        run.AssertPassed(connections: 2);
    }

    /// <summary>In TLS 1.2 the session goes on serving, and no other one comes.</summary>
    [Fact]
    public async Task A_session_that_was_offered_is_no_renewal()
    {
        ShimRun run = await ShimRun.Of(
            Serve(pki.Rsa, SslProtocols.Tls12, ExchangeOf(32)), [.. Trust(pki.Rsa), "-resume-count", "1", "-on-resume-expect-ticket-renewal"]);
        Assert.Equal((ShimRun.MustFail, 2), (run.ExitCode, run.Connections));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Resumption_goes_on_from_one_connection_to_the_next(SslProtocols version)
    {
        ShimRun run = await ShimRun.Of(Serve(pki.P384, version, ExchangeOf(32)), [.. Trust(pki.P384), "-resume-count", "3", "-resumption-delay", "600"]);
        run.AssertPassed(connections: 4);
    }

    /// <summary>What the runner waits for then is its own affair: the engine trusts no certificate beyond its end.</summary>
    [Fact]
    public async Task A_resumption_after_the_end_of_the_certificate_is_declined()
    {
        ShimRun run = await ShimRun.Of(Serve(pki.Rsa, SslProtocols.Tls13, ExchangeOf(32)), [.. Trust(pki.Rsa), "-resume-count", "1", "-resumption-delay", "3601"]);
        Assert.Equal((ShimRun.Declined, 1), (run.ExitCode, run.Connections));
    }

    [Fact]
    public async Task A_session_that_the_server_knows_nothing_of_is_a_broken_expectation()
    {
        Func<NetworkStream, CancellationToken, Task> forgetful = Serve(pki.Rsa, SslProtocols.Tls13, ExchangeOf(32), resume: false);
        ShimRun run = await ShimRun.Of(forgetful, [.. Trust(pki.Rsa), "-resume-count", "1"]);
        Assert.Equal((ShimRun.MustFail, 2), (run.ExitCode, run.Connections));
        (await ShimRun.Of(forgetful, [.. Trust(pki.Rsa), "-resume-count", "1", "-on-resume-expect-session-miss"])).AssertPassed(connections: 2);
    }

    [Theory]
    [InlineData("rsa", SslProtocols.Tls12)]
    [InlineData("p256", SslProtocols.Tls13)]
    public async Task A_client_certificate_is_sent_from_files(string kind, SslProtocols version)
    {
        BogoCredential client = Credential(kind);
        bool seen = false;
        ShimRun run = await ShimRun.Of(
            Serve(pki.Rsa, version, ExchangeOf(32), clientAsked: certificate => seen = certificate.AsSpan().SequenceEqual(client.Chain[0].Der)),
            [.. Trust(pki.Rsa), "-cert-file", client.ChainFile, "-key-file", client.KeyFile]);
        run.AssertPassed();
        Assert.True(seen);
    }

    [Fact]
    public async Task One_protocol_is_offered_and_compared()
    {
        Func<NetworkStream, CancellationToken, Task> server = Serve(pki.Rsa, SslProtocols.Tls13, ExchangeOf(32), alpn: "foo");
        (await ShimRun.Of(server, [.. Trust(pki.Rsa), "-advertise-alpn", "\u0003foo", "-expect-alpn", "foo"])).AssertPassed();
        ShimRun other = await ShimRun.Of(server, [.. Trust(pki.Rsa), "-advertise-alpn", "\u0003foo", "-expect-alpn", "bar"]);
        Assert.Equal(ShimRun.MustFail, other.ExitCode);
    }

    [Fact]
    public async Task The_chain_is_compared_with_a_file()
    {
        Func<NetworkStream, CancellationToken, Task> server = Serve(pki.RsaChain, SslProtocols.Tls13, ExchangeOf(32));
        (await ShimRun.Of(server, [.. Trust(pki.RsaChain), "-expect-peer-cert-file", pki.RsaChain.ChainFile])).AssertPassed();
        Assert.Equal(ShimRun.MustFail, (await ShimRun.Of(server, [.. Trust(pki.RsaChain), "-expect-peer-cert-file", pki.RsaChain.RootFile])).ExitCode);
    }

    [Theory]
    [InlineData("-expect-version 771")]
    [InlineData("-expect-curve-id 24")]
    [InlineData("-expect-cipher 4867")]
    [InlineData("-expect-no-session")]
    public async Task What_was_expected_and_did_not_come_fails_in_any_case(string flags)
    {
        ShimRun run = await ShimRun.Of(Serve(pki.Rsa, SslProtocols.Tls13, ExchangeOf(32)), [.. Trust(pki.Rsa), .. flags.Split(' ')]);
        Assert.Equal(ShimRun.MustFail, run.ExitCode);
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("context", 5000)]
    public async Task Keying_material_is_exported_first(string context, int bytes)
    {
        int read = 0;
        ShimRun run = await ShimRun.Of(
            Serve(pki.Rsa, SslProtocols.Tls13, async (tls, stop) =>
            {
                byte[] material = new byte[bytes];
                await tls.ReadExactlyAsync(material, stop);
                read = material.Distinct().Count();
                await ExchangeOf(32)(tls, stop);
            }),
            [.. Trust(pki.Rsa), "-export-keying-material", $"{bytes}", "-export-label", "label", "-export-context", context, .. context.Length == 0 ? (string[])[] : ["-use-export-context"]]);
        run.AssertPassed();
        Assert.True(read > 10);
    }

    [Fact]
    public async Task It_says_hello_first_where_it_is_told_to()
    {
        ShimRun run = await ShimRun.Of(
            Serve(pki.Rsa, SslProtocols.Tls13, async (tls, stop) =>
            {
                byte[] first = new byte[5];
                await tls.ReadExactlyAsync(first, stop);
                Assert.Equal("hello"u8.ToArray(), first);
                await ExchangeOf(32)(tls, stop);
            }),
            [.. Trust(pki.Rsa), "-shim-writes-first"]);
        run.AssertPassed();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task It_closes_and_waits_for_the_other_close(SslProtocols version)
    {
        Task Close(SslStream tls, CancellationToken stop) => tls.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, stop).AsTask();
        (await ShimRun.Of(Serve(pki.Rsa, version, Close), [.. Trust(pki.Rsa), "-shim-shuts-down", "-check-close-notify"])).AssertPassed();
        (await ShimRun.Of(Serve(pki.Rsa, version, Close, closes: false), [.. Trust(pki.Rsa), "-shim-shuts-down", "-check-close-notify"])).AssertFailed(":TruncatedByPeer:");
        (await ShimRun.Of(Serve(pki.Rsa, version, Close, closes: false), [.. Trust(pki.Rsa), "-shim-shuts-down"])).AssertPassed();
    }

    [Fact]
    public async Task Writes_of_all_sizes_arrive()
    {
        int bytes = 0;
        ShimRun run = await ShimRun.Of(
            Serve(pki.Rsa, SslProtocols.Tls13, async (tls, stop) =>
            {
                byte[] received = new byte[1 << 15];
                for (int read; (read = await tls.ReadAsync(received, stop)) > 0; bytes += read)
                {
                    Assert.True(received.AsSpan(0, read).IndexOfAnyExcept((byte)0x42) < 0);
                }
            }),
            [.. Trust(pki.Rsa), "-write-different-record-sizes"]);
        run.AssertPassed();
        Assert.Equal(0 + 1 + 255 + 256 + 257 + 16_383 + 16_384 + 16_385 + 32_767 + 32_768 + 32_769, bytes);
    }

    private static string[] Trust(BogoCredential credential) => ["-trust-cert", credential.RootFile];

    private BogoCredential Credential(string kind) => kind switch
    {
        "rsa" => pki.Rsa,
        "p256" => pki.P256,
        "p384" => pki.P384,
        "named" => pki.Named,
        _ => pki.RsaChain,
    };

    /// <summary>The runner's exchange: a message, and its reply.</summary>
    private static Func<SslStream, CancellationToken, Task> ExchangeOf(int bytes) => async (tls, stop) =>
    {
        byte[] message = [.. Enumerable.Repeat((byte)0x42, bytes)];
        await tls.WriteAsync(message, stop);
        byte[] reply = new byte[bytes];
        await tls.ReadExactlyAsync(reply, stop);
        Assert.Equal(message.Select(static octet => (byte)(octet ^ 0xFF)), reply);
    };

    private static Func<NetworkStream, CancellationToken, Task> Serve(
        BogoCredential credential, SslProtocols version, Func<SslStream, CancellationToken, Task> exchange,
        bool resume = true, bool closes = true, string? alpn = null, Func<byte[], bool>? clientAsked = null)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = credential.Context,
            EnabledSslProtocols = version,
            AllowTlsResume = resume,
            ApplicationProtocols = alpn is null ? null : [new SslApplicationProtocol(alpn)],
            ClientCertificateRequired = clientAsked is not null,
            RemoteCertificateValidationCallback = clientAsked is null ? null : (_, certificate, _, _) => clientAsked(certificate?.GetRawCertData() ?? []),
        };
        return async (stream, stop) =>
        {
            await using var tls = new SslStream(stream, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsServerAsync(options, stop);
            await exchange(tls, stop);
            if (closes)
            {
                await tls.ShutdownAsync();
            }
        };
    }
}
