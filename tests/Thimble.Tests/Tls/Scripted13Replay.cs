using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Tests.Tls;

/// <summary>What a server of TLS 1.3 said to a client with a known seed, to be given again in other pieces; see <see cref="ScriptedReplay"/>.</summary>
internal sealed class Scripted13Replay
{
    private Scripted13Replay(Func<ScriptedClient> makeClient, byte[] handshake, byte[] data)
    {
        MakeClient = makeClient;
        Handshake = handshake;
        Whole = [.. handshake, .. data];
        Outcome = ScriptedReplay.Play(makeClient(), [Whole]).Outcome;
    }

    public Func<ScriptedClient> MakeClient { get; }

    /// <summary>From the first hello to the server's Finished.</summary>
    public byte[] Handshake { get; }

    /// <summary>The same, then data, an empty record, a ticket, a key update, data under the new key and close_notify.</summary>
    public byte[] Whole { get; }

    /// <summary>What the client makes of it in one piece.</summary>
    public string Outcome { get; }

    public static Scripted13Replay Record(ScriptedServer13 server, Func<ScriptedClient> makeClient)
    {
        using (server)
        {
            ScriptedClient client = makeClient().Prepare();
            TlsStatus status = client.Handshake(default);
            var said = new List<byte>();
            for (int heard = 0; heard < client.Output.Count;)
            {
                byte[] answer = server.Answer([.. client.Output[heard..]]);
                heard = client.Output.Count;
                said.AddRange(answer);
                status = client.Handshake(answer);
            }

            if (status != TlsStatus.Complete)
            {
                throw new InvalidOperationException($"The handshake to be recorded failed: {client.Fault.Reason}.");
            }

            byte[][] data =
            [
                server.Seal(Wire.ApplicationData, [1, 2, 3]), server.Seal(Wire.ApplicationData, []), server.Seal(Wire.ApplicationData, new byte[600], 40),
                server.Seal(Wire.Handshake, Ticket(100)), server.UpdateKey(1), server.Seal(Wire.ApplicationData, [4, 5]), server.Seal(Wire.Alert, [1, 0]),
            ];
            return new Scripted13Replay(makeClient, [.. said], Wire.Join(data));
        }
    }

    public string Play(IEnumerable<byte[]> pieces) => ScriptedReplay.Play(MakeClient(), pieces).Outcome;

    /// <summary>NewSessionTicket with a ticket of that length and one extension.</summary>
    public static byte[] Ticket(int bytes) =>
        Wire.Message(4, [0, 0, 28, 32, 1, 2, 3, 4, .. Wire.Vector8([0, 1]), .. Wire.Vector16(new byte[bytes]), .. Wire.Vector16([0, 42, 0, 4, 0, 0, 0, 0])]);
}
