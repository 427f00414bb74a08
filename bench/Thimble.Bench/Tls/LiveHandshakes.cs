using System.Linq;
using System.Net.Security;
using System.Threading.Tasks;

namespace Thimble.Bench.Tls;

/// <summary>
/// Real handshakes with fresh randomness, Thimble's and the platform's client by turns, against the same server. What
/// the server does runs on another thread and is not counted; waiting for it is not counted either, but for the few
/// microseconds of falling asleep and waking up, which both clients pay.
/// </summary>
internal static class LiveHandshakes
{
    /// <summary>The median of each side's costs over <paramref name="rounds"/> handshakes each.</summary>
    public static (HandshakeCost Thimble, HandshakeCost Platform) Measure(int rounds)
    {
        using ThimbleClient client = ScenarioR.Shared.CreateClient();
        var ours = new HandshakeCost[rounds];
        var theirs = new HandshakeCost[rounds];
        for (int i = 0; i < rounds; i++)
        {
            ours[i] = Thimble(client);
            theirs[i] = Platform();
        }

        return (Median(ours), Median(theirs));
    }

    private static HandshakeCost Thimble(ThimbleClient client)
    {
        (PipeStream transport, Task<SslStream> server) = ScenarioR.Shared.Connect();
        var cost = HandshakeCost.Of(() => client.Handshake(transport));
        server.Result.Dispose();
        return cost;
    }

    private static HandshakeCost Platform()
    {
        (PipeStream transport, Task<SslStream> server) = ScenarioR.Shared.Connect();
        var cost = HandshakeCost.Of(() =>
        {
            using var client = new SslStream(transport);
            client.AuthenticateAsClient(ScenarioR.Shared.ClientOptions);
        });
        server.Result.Dispose();
        return cost;
    }

    private static HandshakeCost Median(HandshakeCost[] costs) => new(
        costs.Select(cost => cost.CpuNanoseconds).Order().ElementAt(costs.Length / 2),
        costs.Select(cost => cost.GcBytes).Order().ElementAt(costs.Length / 2));
}
