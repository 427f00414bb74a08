using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Tests.Tls;

/// <summary>
/// What a server said to a client with a known seed. The client's output is a function of its seed and its input, so
/// the same bytes can be given again, in other pieces or changed, without the server's arithmetic.
/// </summary>
internal sealed class ScriptedReplay
{
    private ScriptedReplay(Func<ScriptedClient> makeClient, byte[] first, byte[] second, byte[] data)
    {
        MakeClient = makeClient;
        First = first;
        Second = second;
        Data = data;
    }

    public Func<ScriptedClient> MakeClient { get; }

    /// <summary>ServerHello to ServerHelloDone; ChangeCipherSpec and Finished; data, an empty record, HelloRequest and close_notify.</summary>
    public byte[] First { get; }

    public byte[] Second { get; }

    public byte[] Data { get; }

    /// <summary>All of it, as it came over one wire.</summary>
    public byte[] Whole => [.. First, .. Second, .. Data];

    /// <summary>What the client makes of it in one piece.</summary>
    public string Outcome => field ??= Play([Whole]).Outcome;

    public static ScriptedReplay Record(ScriptedServer server, Func<ScriptedClient> makeClient)
    {
        using (server)
        {
            ScriptedClient client = makeClient().Prepare();
            client.Handshake(default);
            byte[] first = server.Answer([.. client.Output]);
            int heard = client.Output.Count;
            client.Handshake(first);
            byte[] second = server.Answer([.. client.Output[heard..]]);
            if (client.Handshake(second) != TlsStatus.Complete)
            {
                throw new InvalidOperationException($"The handshake to be recorded failed: {client.Fault.Reason}.");
            }

            byte[][] data =
            [
                server.Seal(Wire.ApplicationData, [1, 2, 3]), server.Seal(Wire.ApplicationData, []), server.Seal(Wire.ApplicationData, new byte[600]),
                server.Seal(Wire.Handshake, [0, 0]), server.Seal(Wire.Handshake, [0, 0]), server.Seal(Wire.Alert, [1, 0]),
            ];
            return new ScriptedReplay(makeClient, first, second, Wire.Join(data));
        }
    }

    /// <summary>Gives the pieces to a new client: to the handshake as long as it lasts, then to reading. The client answers the end.</summary>
    public static (string Outcome, ScriptedClient Client) Play(ScriptedClient client, IEnumerable<byte[]> pieces)
    {
        client.Prepare();
        TlsStatus status = client.Handshake(default);
        bool handshaking = true;
        foreach (byte[] piece in pieces)
        {
            int consumed = 0;
            if (handshaking)
            {
                status = client.Handshake(piece, out consumed);
                handshaking = status == TlsStatus.NeedMoreData;
            }

            if (status == TlsStatus.Complete || (!handshaking && status == TlsStatus.NeedMoreData))
            {
                status = client.Read(piece.AsSpan(consumed));
            }
        }

        bool connected = client.Phase == Phase.Connected;
        client.Write([5, 5, 5]);
        client.Flush();
        Fault fault = client.Fault;
        string outcome = $"{status} {connected} {fault.Reason} {fault.Alert} {fault.Phase} {fault.Expected} {fault.Actual} "
            + Convert.ToHexString([.. client.Output]) + " " + Convert.ToHexString([.. client.Data]);
        return (outcome, client);
    }

    public (string Outcome, ScriptedClient Client) Play(IEnumerable<byte[]> pieces) => Play(MakeClient(), pieces);

    /// <summary>Cuts bytes at those positions.</summary>
    public static IEnumerable<byte[]> Cut(byte[] bytes, params IEnumerable<int> positions)
    {
        int start = 0;
        foreach (int position in positions.Append(bytes.Length))
        {
            yield return bytes[start..position];
            start = position;
        }
    }
}
