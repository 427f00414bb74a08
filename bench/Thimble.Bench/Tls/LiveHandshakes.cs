using System;
using System.Net.Security;
using System.Threading.Tasks;

namespace Thimble.Bench.Tls;

/// <summary>
/// Real handshakes with fresh randomness, Thimble's and the platform's client by turns, against the same server. What
/// the server does runs on another thread and is not counted as processor time; waiting for it is not either, but for the few
/// microseconds of falling asleep and waking up, which both clients pay.
/// </summary>
internal sealed class LiveHandshakes : IDisposable
{
    private readonly byte[] _said = new byte[1];
    private readonly HandshakeKind _kind;
    private readonly ThimbleClient _client;
    private readonly SslClientAuthenticationOptions _options;

    /// <summary>Where the handshake is to be a resumed one, each client does a full one, and keeps the session.</summary>
    public LiveHandshakes(HandshakeKind kind)
    {
        _kind = kind;
        _client = ScenarioR.Shared.CreateClient(kind);
        _options = ScenarioR.Shared.ClientOptions(kind);
        if (kind.Resumed)
        {
            KeepSessions();
        }
    }

    /// <summary>The median of each side's costs over <paramref name="rounds"/> handshakes each.</summary>
    public (HandshakeCost Thimble, HandshakeCost Platform) Measure(int rounds)
    {
        var ours = new HandshakeCost[rounds];
        var theirs = new HandshakeCost[rounds];
        for (int i = 0; i < rounds; i++)
        {
            ours[i] = Thimble();
            theirs[i] = Platform();
        }

        return (HandshakeCost.Median(ours), HandshakeCost.Median(theirs));
    }

    public void Dispose() => _client.Dispose();

    private HandshakeCost Thimble()
    {
        (PipeStream transport, Task<SslStream> server) = ScenarioR.Shared.Connect(_kind);
        var cost = HandshakeCost.Of(() => _client.Handshake(transport));
        server.Result.Dispose();
        Check(transport);
        return cost;
    }

    private HandshakeCost Platform()
    {
        (PipeStream transport, Task<SslStream> server) = ScenarioR.Shared.Connect(_kind);
        SslStream? client = null;
        var cost = HandshakeCost.Of(() =>
        {
            client = new SslStream(transport);
            client.AuthenticateAsClient(_options);
        });
        Check(transport);
        if (_kind.Resumed)
        {
            TakeTickets(client!, server.Result);
        }

        cost += HandshakeCost.Of(() => client!.Dispose());
        server.Result.Dispose();
        return cost;
    }

    private void Check(PipeStream transport)
    {
        bool withoutChain = transport.Incoming.WrittenBytes < ScenarioR.ChainBytes;
        if (withoutChain != _kind.Resumed)
        {
            throw new InvalidOperationException($"{_kind}: the server did another handshake.");
        }
    }

    private void KeepSessions()
    {
        (PipeStream ours, Task<SslStream> ourServer) = ScenarioR.Shared.Connect(_kind);
        _client.Handshake(ours);
        ourServer.Result.Write(_said);
        _client.Read(ours, _said);
        _client.KeepSession();
        ourServer.Result.Dispose();

        (PipeStream theirs, Task<SslStream> theirServer) = ScenarioR.Shared.Connect(_kind);
        using var client = new SslStream(theirs);
        client.AuthenticateAsClient(_options);
        TakeTickets(client, theirServer.Result);
        theirServer.Result.Dispose();
    }

    /// <summary>Tickets of TLS 1.3 come before the first byte that the server says. SslStream uses each session once.</summary>
    private void TakeTickets(SslStream client, SslStream server)
    {
        server.Write(_said);
        client.ReadExactly(_said);
    }
}
