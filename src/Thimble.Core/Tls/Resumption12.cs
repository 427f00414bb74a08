using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Sessions of TLS 1.2 that go on: by their id (RFC 5246 §7.3, §F.1.4) or by a ticket (RFC 5077), and only with the extended
/// master secret in both handshakes (RFC 7627 §5.3, RULES 16).
/// </summary>
internal static class Resumption12
{
    /// <summary>Whether ClientHello offers a session of TLS 1.2.</summary>
    public static bool IsOffered(scoped in Connection connection) =>
        Features.Tls12 && Features.PreSharedKeys && connection.Is(ConnectionFlags.SessionOffered) && Offer(connection).Version == TlsVersions.Tls12;

    /// <summary>The session that is offered.</summary>
    public static Session Offer(scoped in Connection connection) => Session.FromChecked(connection.Config.Session);

    /// <summary>Whether ClientHello says that tickets are welcome, with one or without.</summary>
    public static bool TakesTickets(scoped in Connection connection) =>
        Features.PreSharedKeys && connection.Offers12 && connection.Config.Profile.MaxTicketBytes > 0;

    /// <summary>The server sent the session's id back, and so goes on with it: under the suite that it was made with (RFC 5246 §7.4.1.3).</summary>
    public static bool Accept(scoped in Connection connection, ushort suite)
    {
        connection.Set(ConnectionFlags.Resumed);
        ushort expected = Offer(connection).Suite;
        return suite == expected || connection.Fail(FaultReason.SessionSuiteChanged, expected, suite);
    }

    /// <summary>The master secret is that of the session, and with both new randoms it gives new keys (RFC 5246 §8.1, §F.1.4).</summary>
    public static bool TakeKeys(scoped in Connection connection)
    {
        Session session = Offer(connection);
        session.Secret.CopyTo(connection.Buffer[RegionId.MasterSecret]);
        connection.State.TrustedUntilMinutes = session.TrustedUntilMinutes;
        KeySchedule.DeriveTrafficKeys(connection);
        return true;
    }

    /// <summary>
    /// Keeps the session, now that the server's Finished verified: with its new ticket, as it was where it went on without
    /// one, or by its id. Without a clock it would have no end, so none is kept.
    /// </summary>
    public static void Keep(scoped in Connection connection)
    {
        Span<byte> region = connection.Buffer[RegionId.Session];
        if (region.IsEmpty || !connection.Is(ConnectionFlags.ExtendedMasterSecret) || connection.Config.NowUnixSeconds <= 0)
        {
            return;
        }

        var draft = new SessionDraft(region);
        if (!connection.Is(ConnectionFlags.TicketAnnounced))
        {
            draft.Begin();
        }

        if (!draft.Ticket.IsEmpty)
        {
            Complete(connection, draft);
        }
        else if (connection.Is(ConnectionFlags.Resumed))
        {
            connection.Config.Session.CopyTo(region);
            connection.Set(ConnectionFlags.SessionReady);
        }
        else if (connection.State.SessionIdBytes != 0)
        {
            draft.SetSessionIdBytes(connection.State.SessionIdBytes);
            SessionId.Server(connection).CopyTo(draft.SessionId);
            Complete(connection, draft);
        }
    }

    private static void Complete(scoped in Connection connection, SessionDraft draft)
    {
        connection.Buffer[RegionId.MasterSecret].Slice(0, KeySchedule.MasterSecretBytes).CopyTo(draft.Secret);
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        draft.Complete(connection, Session.ComputeBinding(connection.Config, scratch), scratch);
        connection.Set(ConnectionFlags.SessionReady);
    }
}
