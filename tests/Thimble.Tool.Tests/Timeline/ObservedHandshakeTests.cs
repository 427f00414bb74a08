using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using Thimble.Tests.Peers;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tool.Tests.Timeline;

/// <summary>What an observer sees of a connection, and that it changes nothing else.</summary>
public sealed class ObservedHandshakeTests(PeerPki pki) : IClassFixture<PeerPki>
{
    /// <summary>A piece of an operation that has begun is finished, so that a call may do a little more than it was granted.</summary>
    private const int MostWork = 2 * TlsConfig.DeviceWorkPerCall;

    [Theory]
    [InlineData(TlsVersions.Tls12, false)]
    [InlineData(TlsVersions.Tls13, false)]
    [InlineData(TlsVersions.Tls12, true)]
    [InlineData(TlsVersions.Tls13, true)]
    public async Task Each_step_stays_in_its_state_and_within_its_work(TlsVersions version, bool asynchronous)
    {
        var recorder = new HandshakeRecorder();
        await ConnectAsync(version, asynchronous, recorder);
        Assert.Equal(ClientState.Start, recorder.Steps[0].State);
        Assert.Equal(ClientState.Connected, recorder.Steps[^1].Next);
        Assert.All(recorder.Steps.Zip(recorder.Steps.Skip(1)), pair => Assert.Equal(pair.First.Next, pair.Second.State));
        Assert.All(recorder.Steps, step => Assert.InRange(step.Work, 0, MostWork));
        Assert.All(recorder.Steps, step => Assert.True(step.End >= step.Begin));
        Assert.InRange(recorder.Steps.Sum(step => step.Work), 1000, 100_000);
    }

    [Fact]
    public async Task Both_drivers_show_the_same_course()
    {
        var first = new HandshakeRecorder();
        var second = new HandshakeRecorder();
        await ConnectAsync(TlsVersions.Tls13, asynchronous: false, first);
        await ConnectAsync(TlsVersions.Tls13, asynchronous: true, second);
        Assert.Equal(Course(first), Course(second));
    }

    private static IEnumerable<ClientState> Course(HandshakeRecorder recorder) => recorder.Steps.Where(step => step.State != step.Next).Select(step => step.State);

    private async Task ConnectAsync(TlsVersions version, bool asynchronous, HandshakeRecorder recorder)
    {
        PeerIdentity identity = pki.Server("rsa-4");
        using OpenSslServer server = OpenSslServer.Launch(identity, [version == TlsVersions.Tls12 ? "-tls1_2" : "-tls1_3"]);
        using Credentials credentials = Credentials.Load(identity.RootFile);
        var options = new TlsConnectionOptions { Credentials = credentials, Profile = credentials.Fit(Profiles.Rsa2048.Profile), ServerName = PeerPki.ServerName, Observer = recorder };
        using NetworkStream transport = TcpTransport.Connect("127.0.0.1", server.Port, options.Timeout);
        using var connection = new TlsConnection(options, transport);
        if (asynchronous)
        {
            await connection.HandshakeAsync();
        }
        else
        {
            connection.Handshake();
        }

        Assert.Equal(version, connection.Version);
        connection.Close();
    }
}
