using System;
using System.Linq;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Keys that were shared beforehand, in TLS 1.3 (RFC 8446 §2.2, §4.2.9, §4.2.11).</summary>
public sealed class SharedKey13Tests
{
    private static readonly byte[] NoAnchors = new RomImageBuilder { WithoutAnchors = true }.Build(X509.TestPki.Now.AddDays(-1));

    /// <summary>A client of a few hundred bytes of tables: no group, no signature, no certificate.</summary>
    private static readonly Profile KeyAlone = new()
    {
        Versions = TlsVersions.Tls13,
        Suites = CipherSuites.Aes128GcmSha256,
        PskModes = PskModes.Psk,
        MaxPskIdentityBytes = 32,
        InWindowBytes = 1024,
        OutWindowBytes = 512,
        MaxServerNameBytes = 64,
    };

    [Theory]
    [InlineData(ScriptedKeys13.Aes128, false)]
    [InlineData(ScriptedKeys13.Aes128, true)]
    [InlineData(ScriptedKeys13.ChaCha, false)]
    [InlineData(ScriptedKeys13.ChaCha, true)]
    public void The_server_is_known_by_the_key(ushort suite, bool alone)
    {
        using var server = new ScriptedServer13 { Suite = suite, KeyOf = Resuming13.Shares(), KeyIsShared = true, WithoutShare = alone };
        ScriptedClient client = Scripted13.Connected(server, Resuming13.SharingClient()).Client;
        Assert.Equal((true, false, false), (client.Lens().UsedPreSharedKey, client.Lens().Resumed, client.Lens().SessionOffered));
        Assert.Equal(alone ? NamedGroup.None : NamedGroup.X25519, client.Lens().Group);
        Assert.Equal(0u, server.OfferedAge);
        Assert.Equal((byte[])[2, 1, 0], server.Offered[45]);
        Scripted13.AssertDataBothWays(client, server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_of_SHA_384_serves_its_suite(bool alone)
    {
        byte[] key = [.. Enumerable.Range(1, 48).Select(static i => (byte)i)];
        using var server = new ScriptedServer13 { Suite = ScriptedKeys13.Aes256, Cookie = [1], KeyOf = Resuming13.Shares(key), KeyIsShared = true, WithoutShare = alone };
        ScriptedClient client = new() { Profile = Resuming13.Profile, SharedKey = key, SharedKeyIdentity = "device 7", SharedKeyHash = HashAlgorithm.Sha384 };
        Scripted13.Connected(server, client);
        Assert.True(client.Lens().UsedPreSharedKey);
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void A_server_that_does_not_know_the_key_can_show_a_certificate()
    {
        using var server = new ScriptedServer13();
        ScriptedClient client = Scripted13.Connected(server, Resuming13.SharingClient()).Client;
        Assert.False(client.Lens().UsedPreSharedKey);
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void Without_anchors_the_key_is_the_only_way()
    {
        using var server = new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true };
        Scripted13.AssertDataBothWays(Scripted13.Connected(server, Resuming13.SharingClient(image: NoAnchors)).Client, server);
        Resuming13.Fails(new ScriptedServer13(), Resuming13.SharingClient(image: NoAnchors), FaultReason.PreSharedKeyRefused, 0, 0, AlertDescription.HandshakeFailure);
        ScriptedClient nothing = new ScriptedClient { Profile = Resuming13.Profile, Image = NoAnchors }.Prepare();
        Assert.Equal((TlsStatus.Faulted, FaultReason.NoTrustAnchor), (nothing.Handshake(default), nothing.Fault.Reason));
    }

    [Fact]
    public void The_key_alone_needs_no_clock_no_group_and_no_certificate()
    {
        using var server = new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true, WithoutShare = true };
        ScriptedClient client = new() { Profile = KeyAlone, SharedKey = Resuming13.SharedKey, SharedKeyIdentity = "device 7", Image = NoAnchors, Now = 0 };
        Scripted13.Connected(server, client);
        Assert.Equal([0, 1, 28, 41, 43, 45], server.Offered.Keys.Order());
        MemoryPlan plan = client.Plan;
        Assert.Equal(
            (0, 0, 0, 0), (plan[RegionId.AgreementOperation].Bytes, plan[RegionId.ChainState].Bytes, plan[RegionId.VerifyOperation].Bytes, plan[RegionId.EphemeralKey].Bytes));
        Assert.InRange(plan.TotalBytes, 1, MemoryPlan.For(KeyAlone with { Groups = Groups.X25519, MaxEcdsaBits = 256, MaxSignatureHashBits = 256 }).TotalBytes - 500);
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void A_session_goes_first_and_the_key_waits()
    {
        ScriptedClient first = Resuming13.SharingClient();
        using var server = new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true };
        Scripted13.Connected(server, first);
        first.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        byte[] session = first.TakeSession();
        ScriptedClient Again() => new() { Profile = Resuming13.Profile, SharedKey = Resuming13.SharedKey, SharedKeyIdentity = "device 7", Session = session };

        using var knowing = new ScriptedServer13 { KeyOf = Resuming13.Knows(server.KeyOfTicket()) };
        ScriptedClient resumed = Scripted13.Connected(knowing, Again()).Client;
        Assert.Equal((true, false), (resumed.Lens().Resumed, resumed.Lens().UsedPreSharedKey));
        using var forgetful = new ScriptedServer13();
        Assert.False(Scripted13.Connected(forgetful, Again()).Client.Lens().Resumed); // its certificate vouches for it

        ScriptedClient other = new() { Profile = Resuming13.Profile, SharedKey = [.. Resuming13.SharedKey.Reverse()], SharedKeyIdentity = "device 7", Session = session };
        other.Prepare().Handshake(default);
        Assert.False(other.Lens().SessionOffered); // it was made with another key
    }

    /// <summary>A server that forgot the session could prove nothing, were it offered in the key's place.</summary>
    [Fact]
    public void Where_the_key_is_the_only_way_it_goes_out_and_a_session_does_not()
    {
        ScriptedClient first = Resuming13.SharingClient(image: NoAnchors);
        using var server = new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true };
        Scripted13.Connected(server, first);
        first.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        using var forgetful = new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true };
        ScriptedClient again = new() { Profile = Resuming13.Profile, SharedKey = Resuming13.SharedKey, SharedKeyIdentity = "device 7", Image = NoAnchors, Session = first.TakeSession() };
        Scripted13.Connected(forgetful, again);
        Assert.Equal((false, true), (again.Lens().SessionOffered, again.Lens().UsedPreSharedKey));
        Scripted13.AssertDataBothWays(again, forgetful);
    }

    /// <summary>ServerHello comes in the clear, from anybody: the selection proves nothing before Finished.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_says_that_the_server_knows_the_key_before_it_proved_it(bool session)
    {
        byte[] taken = [];
        byte[] key = Resuming13.SharedKey;
        if (session)
        {
            (taken, key) = Resuming13.Session();
        }

        static void ClaimsNothingEarly(ScriptedClient client) =>
            Assert.False(client.Phase != Phase.Connected && (client.Lens().UsedPreSharedKey || client.Lens().Resumed), $"In {client.Phase}.");
        ScriptedClient Client() => session
            ? new() { Profile = Resuming13.Profile, Session = taken, Work = 5, Observe = ClaimsNothingEarly }
            : new() { Profile = Resuming13.Profile, SharedKey = key, SharedKeyIdentity = "device 7", Work = 5, Observe = ClaimsNothingEarly };
        using var lying = new ScriptedServer13 { HelloExtensions = static extensions => extensions.Add((41, [0, 0])) };
        ScriptedClient deceived = Client().Prepare();
        deceived.Handshake(default);
        Assert.Equal((TlsStatus.Faulted, FaultReason.BadRecordMac), (deceived.Handshake(lying.Answer([.. deceived.Output])), deceived.Fault.Reason));
        ClaimsNothingEarly(deceived);
        using var right = new ScriptedServer13 { KeyOf = _ => key, KeyIsShared = !session };
        Assert.Equal((session, !session), (Scripted13.Connected(right, Client()).Client.Lens().Resumed, right.SawFinished && !session));
    }

    public static TheoryData<int, string, uint, uint> Unusable => new()
    {
        { 15, "device 7", 16, 15 },
        { 65, "device 7", 64, 65 },
        { 32, "", 1, 0 },
        { 0, "device 7", 16, 0 },
        { 32, new string('x', 33), 32, 33 },
    };

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_key_or_identity_that_cannot_be_right_is_refused_before_a_byte_is_sent(int keyBytes, string identity, uint expected, uint actual)
    {
        ScriptedClient client = new ScriptedClient { Profile = Resuming13.Profile, SharedKey = new byte[keyBytes], SharedKeyIdentity = identity }.Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Handshake(default));
        Assert.Equal((FaultReason.PreSharedKeyInvalid, expected, actual), (client.Fault.Reason, client.Fault.Expected, client.Fault.Actual));
        Assert.Empty(client.Output);
    }

    [Fact]
    public void A_key_that_the_profile_does_not_use_is_refused()
    {
        ScriptedClient client = Resuming13.SharingClient(Scripted13.Both).Prepare();
        Assert.Equal((TlsStatus.Faulted, FaultReason.PreSharedKeyInvalid, 0u), (client.Handshake(default), client.Fault.Reason, client.Fault.Expected));
        ScriptedClient hash = new() { Profile = KeyAlone, SharedKey = new byte[32], SharedKeyIdentity = "x", SharedKeyHash = HashAlgorithm.Sha384 };
        Assert.Equal((TlsStatus.Faulted, FaultReason.ProfileOffersNothing), (hash.Prepare().Handshake(default), hash.Fault.Reason));
    }
}
