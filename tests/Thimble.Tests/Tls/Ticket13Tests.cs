using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>NewSessionTicket: which ones become a session, however they arrive, and which are let go (RFC 8446 §4.6.1).</summary>
public sealed class Ticket13Tests
{
    private static readonly byte[] EarlyData = [0, 42, 0, 4, 0, 0, 1, 0];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(48)]
    public void The_secret_comes_from_the_nonce(int nonceBytes)
    {
        byte[] nonce = [.. Enumerable.Range(3, nonceBytes).Select(static i => (byte)i)];
        foreach (ushort suite in new[] { ScriptedKeys13.Aes128, ScriptedKeys13.Aes256 })
        {
            (byte[] session, byte[] key) = Resuming13.Session(suite, nonce: nonce);
            Assert.Equal([.. key, .. new byte[48 - key.Length]], session[60..108]);
            Assert.Equal(Resuming13.TicketBytes, session[108..]);
        }
    }

    public static TheoryData<uint, int, int> LetGo => new()
    {
        { 0, 1, 100 },
        { 604_801, 1, 100 },
        { uint.MaxValue, 1, 100 },
        { 7200, 49, 100 },
        { 7200, 255, 100 },
        { 7200, 1, 257 },
        { 7200, 1, 65_000 },
    };

    [Theory]
    [MemberData(nameof(LetGo))]
    public void What_exceeds_a_limit_is_let_go(uint lifetime, int nonceBytes, int ticketBytes)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        foreach (byte[] piece in ScriptedServer13.Ticket(new byte[ticketBytes], lifetime, nonce: new byte[nonceBytes], extensions: EarlyData).Chunk(500))
        {
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.Handshake, piece)));
        }

        Assert.False(client.Lens().HasSession);
        Assert.Empty(client.TakeSession());
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes, lifetime: 604_800)));
        Assert.NotEmpty(client.TakeSession());
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void The_newest_one_stays_and_is_taken_once()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        byte[] first = ScriptedServer13.Ticket([1, 2, 3], nonce: [1]);
        byte[] second = ScriptedServer13.Ticket([4, 5], nonce: [2], extensions: EarlyData);
        Assert.False(client.Lens().HasSession);
        client.Read(server.Seal(Wire.Handshake, [.. first, .. second]));
        Assert.True(client.Lens().HasSession);
        Assert.False(client.Lens().TryTakeSession(new byte[Session.HeaderBytes + 1], out int none));
        Assert.Equal(0, none);
        byte[] session = client.TakeSession();
        Assert.Equal((byte[])[4, 5], session[108..]);
        Assert.Equal(server.KeyOfTicket([2]), session[60..92]);
        Assert.False(client.Lens().HasSession);
        Assert.Empty(client.TakeSession());
        Assert.False(client.Region(RegionId.Session).ContainsAnyExcept((byte)0));
    }

    [Fact]
    public void A_session_that_was_not_taken_goes_with_the_connection()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket([1, 2, 3])));
        Assert.True(client.Lens().HasSession);
        client.Close();
        client.Read(server.Seal(Wire.Alert, [1, 0]));
        Assert.False(client.Lens().HasSession);
        Assert.Empty(client.TakeSession());
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void However_the_bytes_are_cut_it_is_the_same_session()
    {
        byte[] ticket = ScriptedServer13.Ticket(Resuming13.TicketBytes, extensions: EarlyData);
        byte[] expected = Taken([ticket], static wire => [wire]);
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Taken([ticket], static wire => wire.Chunk(1)));
        int bytes = ticket.Length + 22;
        for (int at = 1; at < bytes; at++)
        {
            Assert.Equal(expected, Taken([ticket], wire => [wire[..at], wire[at..]]));
        }

        for (int at = 1; at < ticket.Length; at++)
        {
            Assert.Equal(expected, Taken([ticket[..at], ticket[at..]], static wire => [wire]));
        }

        Assert.Equal(expected, Taken(ticket.Chunk(7), static wire => wire.Chunk(13)));
    }

    /// <summary>What mutual TLS makes of OpenSSL's tickets: larger than the window, which stays at 512 bytes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(100_000)]
    public void One_in_a_record_larger_than_the_window_counts_when_the_tag_verifies(int piece)
    {
        Profile profile = Streamed13.Windowed with { MaxTicketBytes = 3000 };
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client(profile: profile));
        byte[] ticket = [.. Enumerable.Range(0, 2500).Select(static i => (byte)(i * 3))];
        byte[] record = server.Seal(Wire.Handshake, [.. ScriptedServer13.Ticket([9], nonce: [7]), .. ScriptedServer13.Ticket(ticket)], 900);
        foreach (byte[] part in record.AsSpan(0, record.Length - 1).ToArray().Chunk(piece))
        {
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(part));
            Assert.False(client.Lens().HasSession);
        }

        client.Read(record.AsSpan(record.Length - 1));
        byte[] session = client.TakeSession();
        Assert.Equal(ticket, session[108..]);
        Assert.Equal(server.KeyOfTicket(), session[60..92]);

        (byte[] head, byte[] tail) = (ScriptedServer13.Ticket(ticket)[..400], ScriptedServer13.Ticket(ticket)[400..]);
        client.Read(server.Seal(Wire.Handshake, head));
        Assert.False(client.Lens().HasSession);
        client.Read(server.Seal(Wire.Handshake, tail));
        Assert.Equal(session, client.TakeSession());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2500)]
    public void In_a_record_whose_tag_is_bad_it_is_none(int ticketBytes)
    {
        Profile profile = Streamed13.Windowed with { MaxTicketBytes = 3000 };
        for (int at = 5; at < ticketBytes; at += 41)
        {
            (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client(profile: profile));
            byte[] record = server.Seal(Wire.Handshake, ScriptedServer13.Ticket(new byte[ticketBytes]));
            record[at] ^= 0x10;
            Scripted13.ReadFails(client, server, record, FaultReason.BadRecordMac, AlertDescription.BadRecordMac);
            Assert.False(client.Lens().HasSession);
            Assert.Empty(client.TakeSession());
        }
    }

    /// <summary>What is read aside, as if it were messages, may neither become a session nor cost the one that is ready.</summary>
    [Fact]
    public void Application_data_that_looks_like_a_ticket_is_none()
    {
        Profile profile = Streamed13.Windowed with { MaxTicketBytes = 3000 };
        ScriptedClient waiting = new() { Profile = profile, Provisional = true };
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: waiting);
        byte[] looks = ScriptedServer13.Ticket(new byte[2000]);
        ReadProvisionally(client, server.Seal(Wire.ApplicationData, looks));
        Assert.Equal(looks, client.Data);
        Assert.False(client.Lens().HasSession);

        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket([1, 2, 3])));
        ReadProvisionally(client, server.Seal(Wire.ApplicationData, looks));
        Assert.Equal((byte[])[1, 2, 3], client.TakeSession()[108..]);
    }

    [Fact]
    public void A_ready_session_outlives_a_large_record_that_brings_another()
    {
        Profile profile = Streamed13.Windowed with { MaxTicketBytes = 3000 };
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client(profile: profile));
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket([1, 2, 3])));
        byte[] record = server.Seal(Wire.Handshake, ScriptedServer13.Ticket(new byte[2000]));
        client.Read(record.AsSpan(0, 1500));
        Assert.True(client.Lens().HasSession);
        client.Read(record.AsSpan(1500));
        Assert.Equal((byte[])[1, 2, 3], client.TakeSession()[108..]);
    }

    [Fact]
    public void A_flood_of_tickets_ends_the_connection()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        byte[] ticket = ScriptedServer13.Ticket([1]);
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.Handshake, ticket)));
        }

        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, ticket), FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17);
    }

    public static TheoryData<int, int> Mangled => new()
    {
        { 12, 0xFF }, // the nonce's length
        { 14, 0x40 }, // the ticket's
        { 15, 0 }, // no ticket at all
        { 24, 0x01 }, // the extensions' length
        { 25, 9 },
        { 25, 1 },
        { 29, 200 }, // one extension's
    };

    [Theory]
    [MemberData(nameof(Mangled))]
    public void Lengths_that_do_not_add_up_are_malformed(int at, int value)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        byte[] ticket = ScriptedServer13.Ticket([1, 2, 3, 4, 5, 6, 7, 8], extensions: EarlyData);
        ticket[at] = (byte)value;
        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, ticket), FaultReason.MessageMalformed, AlertDescription.DecodeError, 4);
    }

    /// <summary>Reads a record whose content is given out provisionally.</summary>
    private static void ReadProvisionally(ScriptedClient client, byte[] record)
    {
        byte[] room = new byte[700];
        TlsStatus status;
        do
        {
            status = client.Lens().Read(record, room, out int consumed, out int written);
            record = record[consumed..];
            client.Data.AddRange(room.AsSpan(0, written));
            Assert.NotEqual(TlsStatus.Withdrawn, status);
        }
        while (status != TlsStatus.NeedMoreData);
    }

    /// <summary>The session that a client takes which reads those contents in records of their own, cut in that way.</summary>
    private static byte[] Taken(IEnumerable<byte[]> contents, Func<byte[], IEnumerable<byte[]>> cut)
    {
        (ScriptedClient client, ScriptedServer13 server) = Standing.Value;
        using (server)
        {
            byte[] wire = Wire.Join(contents.Select(content => server.Seal(Wire.Handshake, content)));
            foreach (byte[] piece in cut(wire))
            {
                Assert.Equal(TlsStatus.NeedMoreData, client.Read(piece));
            }

            client.Read(server.Seal(Wire.ApplicationData, [0]));
            return client.TakeSession();
        }
    }

    /// <summary>One connection for many tickets: they cost it nothing, for data comes between them.</summary>
    private static readonly Lazy<(ScriptedClient Client, ScriptedServer13 Server)> Standing = new(static () => Scripted13.Connected(client: Resuming13.Client()));
}
