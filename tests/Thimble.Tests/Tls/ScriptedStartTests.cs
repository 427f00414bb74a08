using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>What is refused before a byte is sent.</summary>
public sealed class ScriptedStartTests
{
    [Fact]
    public void A_damaged_rom_image_is_refused()
    {
        byte[] image = Copy(ScriptedIdentity.Of("P-256").Image(null));
        image[100] ^= 1;
        Refused(new ScriptedClient { Image = image }, FaultReason.RomImageInvalid);
        Refused(new ScriptedClient { Image = [] }, FaultReason.RomImageInvalid);
    }

    [Fact]
    public void A_rom_image_without_anchors_is_refused()
    {
        byte[] image = Copy(ScriptedIdentity.Of("P-256").Image(null));
        image.AsSpan(6, 2).Clear();
        image.AsSpan(40, 32).Clear();
        System.Security.Cryptography.SHA256.HashData(image).CopyTo(image, 40);
        Refused(new ScriptedClient { Image = image }, FaultReason.NoTrustAnchor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(47)]
    public void A_short_seed_is_refused(int length) =>
        Refused(new ScriptedClient { SeedBytes = [.. Enumerable.Range(0, length).Select(static i => (byte)i)] }, FaultReason.SeedUnusable, 48, (uint)length);

    [Theory]
    [InlineData(0)]
    [InlineData(0xAA)]
    public void A_seed_of_one_repeated_byte_is_refused(byte value) =>
        Refused(new ScriptedClient { SeedBytes = [.. Enumerable.Repeat(value, 64)] }, FaultReason.SeedUnusable, 48, 64);

    [Fact]
    public void The_seed_is_consumed_and_wiped_and_cannot_serve_twice_in_one_buffer()
    {
        byte[] seed = [.. Enumerable.Range(1, 48).Select(static i => (byte)i)];
        byte[] again = [.. seed];
        ScriptedClient client = new ScriptedClient { SeedBytes = seed }.Prepare();
        Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(default));
        Assert.DoesNotContain(seed, static b => b != 0);

        again.CopyTo(seed, 0);
        Fault fault = default;
        Assert.True(client.Plan.TryPrepare(client.Memory, ref fault));
        Assert.Equal(TlsStatus.Faulted, client.Handshake(default));
        Assert.Equal((FaultReason.SeedUnusable, 48u, 48u), (client.Fault.Reason, client.Fault.Expected, client.Fault.Actual));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void No_time_is_refused(long now) => Refused(new ScriptedClient { Now = now }, FaultReason.TimeUnknown);

    [Fact]
    public void A_clock_before_the_bake_date_is_refused()
    {
        long baked = TestPki.Now.AddDays(-1).ToUnixTimeSeconds();
        Refused(new ScriptedClient { Now = baked - 86400 }, FaultReason.ClockBeforeBakeDate, (uint)(baked / 86400), (uint)(baked / 86400) - 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\u0001b")]
    [InlineData("a\u007fb")]
    [InlineData("broker.example.")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123.example")]
    public void A_name_that_cannot_be_one_is_refused(string name) =>
        Refused(new ScriptedClient { ServerName = name }, FaultReason.ServerNameInvalid, 64, (uint)name.Length);

    [Fact]
    public void A_protocol_name_beyond_the_profile_or_the_format_is_refused()
    {
        Refused(new ScriptedClient { Alpn = new string('a', 17) }, FaultReason.AlpnInvalid, 16, 17);
        Refused(
            new ScriptedClient { Alpn = new string('a', 256), Profile = ScriptedClient.Everything with { MaxAlpnBytes = 300 } }, FaultReason.AlpnInvalid, 255, 256);
    }

    [Fact]
    public void A_profile_that_offers_nothing_is_refused()
    {
        Profile all = ScriptedClient.Everything;
        Profile[] profiles =
        [
            all with { Suites = CipherSuites.None },
            all with { MaxRsaBits = 0, MaxEcdsaBits = 0 },
            all with { MaxRsaBits = 0, Suites = CipherSuites.EcdheRsaAes128GcmSha256 },
            all with { Groups = Groups.None, MaxEcdsaBits = 0, ClientEcdsaBits = 0 },
            all with { MaxSignatureHashBits = 0 },
        ];
        foreach (Profile profile in profiles)
        {
            Refused(new ScriptedClient { Profile = profile }, FaultReason.ProfileOffersNothing);
        }
    }

    [Theory]
    [InlineData("RSA-2048", 2048)]
    [InlineData("P-256", 256)]
    public void A_client_key_that_the_profile_does_not_plan_for_is_refused(string kind, uint bits) => Refused(
        new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image(kind), Profile = ScriptedClient.Everything with { ClientEcdsaBits = 0, ClientRsaBits = 0 } },
        FaultReason.ClientKeyNotInProfile, 0, bits);

    [Fact]
    public void A_client_key_larger_than_planned_is_refused() => Refused(
        new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-384"), Profile = ScriptedClient.Everything with { ClientEcdsaBits = 256 } },
        FaultReason.ClientKeyNotInProfile, 256, 384);

    [Fact]
    public void A_buffer_without_this_profile_s_plan_is_refused_by_every_call()
    {
        ScriptedClient client = new ScriptedClient().Prepare();
        Profile otherProfile = ScriptedClient.Everything with { InWindowBytes = 1000 };
        var other = new TlsClient(client.Memory, new TlsConfig { Profile = ref otherProfile });
        Assert.Equal((FaultReason.BufferNotPlanned, Phase.None), (other.Fault.Reason, other.Phase));
        Assert.Equal(FaultReason.BufferNotPlanned, new TlsClient(client.Memory, default).Fault.Reason);
        Assert.Equal(TlsStatus.Faulted, other.Handshake([1], new byte[100], out int consumed, out int written));
        Assert.Equal((0, 0), (consumed, written));
        Assert.Equal(TlsStatus.Faulted, other.Read([1], new byte[100], out _, out _));
        Assert.Equal(TlsStatus.Faulted, other.Write([1], new byte[100], out _, out _));
        Assert.Equal(TlsStatus.Faulted, other.Close(new byte[100], out _));
        Assert.Equal(TlsStatus.Faulted, other.Flush(new byte[100], out _));
        Assert.Equal(TlsStatus.Faulted, other.SourceEnded());
        Assert.Equal(0, other.Suite);
        Assert.True(other.FaultText.IsEmpty);
    }

    private static void Refused(ScriptedClient client, FaultReason reason, uint expected = 0, uint actual = 0)
    {
        client.Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Handshake(default));
        Assert.Empty(client.Output);
        Fault fault = client.Fault;
        Assert.Equal((reason, expected, actual, Phase.Hello, 0), (fault.Reason, fault.Expected, fault.Actual, fault.Phase, fault.Alert));
        ScriptedFault.StaysFaulted(client);
        ScriptedFault.AssertWiped(client);
    }

    private static byte[] Copy(byte[] image)
    {
        byte[] copy = GC.AllocateArray<byte>(image.Length, pinned: true);
        image.CopyTo(copy, 0);
        return copy;
    }
}
