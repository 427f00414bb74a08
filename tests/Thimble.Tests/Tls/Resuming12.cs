using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Clients of TLS 1.2 that keep sessions, and servers that remember them.</summary>
internal static class Resuming12
{
    public const int MaxTicketBytes = 300;

    public static readonly Profile Profile = ScriptedClient.Everything with { MaxTicketBytes = MaxTicketBytes };

    /// <summary>The same with TLS 1.3 beside it.</summary>
    public static readonly Profile Both = Scripted13.Both with { MaxTicketBytes = MaxTicketBytes };

    public static readonly byte[] Id = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    public static readonly byte[] Ticket = [.. Enumerable.Range(0, 180).Select(static i => (byte)(i + 3))];

    public static ScriptedClient Client(byte[]? session = null, Profile? profile = null, ushort suite = ScriptedSuite.EcdsaAes128, int work = 0, ushort? poison = null, long later = 0) => new()
    {
        Profile = profile ?? Profile,
        Session = session ?? [],
        Image = IdentityFor(suite).Image(null),
        Work = work,
        Poison = poison,
        Now = X509.TestPki.Now.ToUnixTimeSeconds() + later,
    };

    public static ScriptedIdentity IdentityFor(ushort suite) => ScriptedIdentity.Of(suite is 0xC02F or 0xC030 or 0xCCA8 ? "RSA-2048" : "P-256");

    /// <summary>A session of a full handshake, by ticket or else by id, and what the server remembers of it.</summary>
    public static (byte[] Session, ScriptedSession Remembered) Session(bool byTicket = true, ushort suite = ScriptedSuite.EcdsaAes128, Profile? profile = null, int idBytes = 32)
    {
        using var server = new ScriptedServer { Suite = suite, Identity = IdentityFor(suite), SessionId = Id[..idBytes], Ticket = byTicket ? Ticket : null };
        ScriptedClient client = Client(profile: profile, suite: suite).Prepare();
        Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
        byte[] session = client.TakeSession();
        Assert.NotEmpty(session);
        return (session, server.Session);
    }

    /// <summary>A handshake that goes on with a session must end in exactly this fault, and leave no session.</summary>
    public static void Fails(
        Func<ScriptedSession, ScriptedServer> server, FaultReason reason, AlertDescription alert, Phase phase, uint expected = 0, uint actual = 0, Profile? profile = null)
    {
        foreach (bool byTicket in new[] { true, false })
        {
            (byte[] session, ScriptedSession remembered) = Session(byTicket, profile: profile);
            ScriptedClient client = Client(session, profile);
            ScriptedFault.Fails(server(remembered), reason, alert, phase, expected, actual, client);
            Assert.False(client.Lens().HasSession);
            Assert.Empty(client.TakeSession());
        }
    }
}
