using System;
using System.Collections.Generic;

namespace Thimble.Tests.Tls;

/// <summary>Sessions that go on (RFC 5246 §7.3, RFC 5077), and keys that were shared beforehand (RFC 4279, RFC 5489).</summary>
internal sealed partial class ScriptedServer
{
    private bool IsShared => Suite is 0x00A8 or 0x00A9 or 0xCCAB || AgreesUnderSharedKey;

    private bool AgreesUnderSharedKey => Suite is 0xD001 or 0xD002 or 0xCCAC;

    /// <summary>What the server remembers of this connection.</summary>
    public ScriptedSession Session => new(Suite, MasterSecret);

    /// <summary>NewSessionTicket, which then belongs to the messages.</summary>
    public byte[] TicketMessage() => Send(Wire.Message(Wire.NewSessionTicket, [.. Wire.U16((int)(TicketLifetime >> 16)), .. Wire.U16((ushort)TicketLifetime), .. Wire.Vector16(Ticket!)]));

    private void TakeOffer(byte[] body)
    {
        OfferedSessionId = body[35..(35 + body[34])];
        int at = 35 + body[34];
        at += 2 + (body[at] << 8) + body[at + 1];
        at += 1 + body[at] + 2;
        while (at < body.Length)
        {
            int length = (body[at + 2] << 8) + body[at + 3];
            if (((body[at] << 8) + body[at + 1]) == 35)
            {
                Require(OfferedTicket is null, "An extension comes once.");
                OfferedTicket = body[(at + 4)..(at + 4 + length)];
            }

            at += 4 + length;
        }

        Require(at == body.Length, "The extensions fill ClientHello.");
    }

    private byte[] Resume()
    {
        DrawRandom();
        MasterSecret = Resumes!.MasterSecret;
        byte[] hello = FirstFlight([Send(Wire.Message(Wire.ServerHello, HelloBody()))]);
        ExpandKeys();
        return [.. hello, .. TicketFlight(this), .. SecondFlight(this)];
    }

    private List<byte[]> MakeSharedKeyFlight()
    {
        var flight = new List<byte[]> { Send(Wire.Message(Wire.ServerHello, HelloBody())) };
        if (AgreesUnderSharedKey)
        {
            _ephemeral = new ScriptedGroup(Group, Seed);
            byte[] parameters = [CurveType, .. Wire.U16(GroupOnTheWire ?? Group), .. Wire.Vector8(Share(_ephemeral.PublicKey))];
            flight.Add(Send(Wire.Message(Wire.ServerKeyExchange, [.. Wire.Vector16(Hint ?? []), .. parameters])));
        }
        else if (Hint is not null)
        {
            flight.Add(Send(Wire.Message(Wire.ServerKeyExchange, Wire.Vector16(Hint))));
        }

        flight.Add(Send(Wire.Message(Wire.ServerHelloDone)));
        return flight;
    }

    private void TakeKeyExchange(byte[] body)
    {
        if (IsShared)
        {
            int length = (body[0] << 8) + body[1];
            Identified = body[2..(2 + length)];
            body = body[(2 + length)..];
        }

        byte[] other = new byte[SharedKey.Length];
        if (!IsShared || AgreesUnderSharedKey)
        {
            Require(body[0] == body.Length - 1, "The share fills ClientKeyExchange.");
            other = _ephemeral!.Agree(body[1..]);
        }
        else
        {
            Require(body.Length == 0, "The identity fills ClientKeyExchange.");
        }

        Premaster = IsShared ? [.. Wire.Vector16(other), .. Wire.Vector16(SharedKey)] : other;
    }

    private void DrawRandom()
    {
        ServerRandom = new byte[32];
        new Random(Seed).NextBytes(ServerRandom);
    }
}
