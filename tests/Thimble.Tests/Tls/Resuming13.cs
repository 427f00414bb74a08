using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Clients of TLS 1.3 that keep sessions or share a key, and servers that remember them.</summary>
internal static class Resuming13
{
    public static readonly Profile Profile = Scripted13.Both with { MaxTicketBytes = 256, PskModes = PskModes.Psk | PskModes.PskWithDhe, MaxPskIdentityBytes = 32 };

    public static readonly byte[] TicketBytes = [.. Enumerable.Range(1, 100).Select(static i => (byte)i)];

    public static readonly byte[] SharedKey = [.. Enumerable.Range(200, 32).Select(static i => (byte)i)];

    public static ScriptedClient Client(byte[]? session = null, Profile? profile = null, long later = 0) => new()
    {
        Profile = profile ?? Profile,
        Session = session ?? [],
        Now = X509.TestPki.Now.ToUnixTimeSeconds() + later,
    };

    public static ScriptedClient SharingClient(Profile? profile = null, byte[]? image = null) => new()
    {
        Profile = profile ?? Profile,
        SharedKey = SharedKey,
        SharedKeyIdentity = "device 7",
        Image = image ?? ScriptedIdentity.Of("P-256").Image(null),
    };

    /// <summary>A server that knows the ticket by its key, and no other.</summary>
    public static Func<byte[], byte[]?> Knows(byte[] key) => identity => identity.AsSpan().SequenceEqual(TicketBytes) ? key : null;

    /// <summary>A server that knows the shared key.</summary>
    public static Func<byte[], byte[]?> Shares(byte[]? key = null) => identity => identity.AsSpan().SequenceEqual("device 7"u8) ? key ?? SharedKey : null;

    /// <summary>Runs a handshake that must end in exactly this fault. The server is spared the client's last words, which it may not be able to read.</summary>
    public static void Fails(
        ScriptedServer13 server, ScriptedClient client, FaultReason reason, uint expected, uint actual,
        AlertDescription alert = AlertDescription.IllegalParameter, Phase phase = Phase.KeyShare13)
    {
        using (server)
        {
            TlsStatus status = client.Prepare().Handshake(default);
            for (int heard = 0; status == TlsStatus.NeedMoreData && heard < client.Output.Count;)
            {
                byte[] answer = server.Answer([.. client.Output[heard..]]);
                heard = client.Output.Count;
                status = client.Handshake(answer);
            }

            Fault fault = client.Fault;
            Assert.Equal((TlsStatus.Faulted, reason, expected, actual, phase, (byte)alert), (status, fault.Reason, fault.Expected, fault.Actual, fault.Phase, fault.Alert));
            Assert.False(server.SawFinished || client.Lens().HasSession);
            ScriptedFault.StaysFaulted(client);
            ScriptedFault.AssertWiped(client);
        }
    }

    /// <summary>A session of a full handshake, and the key that the server has for it.</summary>
    public static (byte[] Session, byte[] Key) Session(ushort suite = ScriptedKeys13.Aes128, Profile? profile = null, byte[]? nonce = null)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(new ScriptedServer13 { Suite = suite }, Client(profile: profile));
        using (server)
        {
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(TicketBytes, nonce: nonce))));
            byte[] session = client.TakeSession();
            Assert.NotEmpty(session);
            return (session, server.KeyOfTicket(nonce));
        }
    }
}
