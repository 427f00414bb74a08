using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Facade;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Pins, and client certificates that are exchanged, with OpenSSL at the other end.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class PinsAndRotationTests(PeerPki pki) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PeerTheory("openssl")]
    [InlineData("self-signed", 0)]
    [InlineData("p256", 0)]
    [InlineData("p256", 1)]
    [InlineData("rsa-4", 0)]
    [InlineData("rsa-4", 3)]
    [InlineData("ec-under-rsa", 0)]
    public void A_server_is_known_by_a_pin_of_its_chain(string identity, int depth)
    {
        PeerIdentity server = pki.Server(identity);
        foreach (string version in new[] { "-tls1_2", "-tls1_3" })
        {
            using OpenSslServer peer = OpenSslServer.Launch(server, [version, "-rev"]);
            using var pinned = Credentials.From(Trust.OfPins(KeyPin.Of(server.Chain[depth].Certificate).Text));
            using (NetworkStream first = Dial(peer))
            {
                using TlsConnection connection = Connect(first, new TlsConnectionOptions { Credentials = pinned, Profile = General, ServerName = PeerPki.ServerName });
                Assert.Equal("cba", Ask(connection, "abc"));
            }

            using var stranger = Credentials.From(Trust.OfPins(KeyPin.Of(pki.Client("stranger")!.Root.Certificate).Text));
            using NetworkStream second = Dial(peer); // OpenSSL serves one at a time
            TlsFaultException refused = Assert.Throws<TlsFaultException>(() => Connect(second, new TlsConnectionOptions { Credentials = stranger, Profile = General, ServerName = PeerPki.ServerName }));
            Assert.Equal(FaultReason.PinMissing, refused.Fault.Reason);
            Assert.Contains(KeyPin.Of(server.Leaf.Certificate).Text, refused.Message, StringComparison.Ordinal);
        }
    }

    [PeerTheory("openssl")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void A_client_certificate_is_exchanged_between_connections(string version)
    {
        PeerIdentity server = pki.Server("p256");
        PeerIdentity[] clients = [pki.Client("p256")!, pki.Client("rsa")!];
        string[] files = [_folder["client.pem"], _folder["client.key"]];
        using OpenSslServer peer = OpenSslServer.Launch(server, [version, "-rev", .. OpenSslServer.DemandClient(pki, clients[0])]);
        CredentialSource? source = null;
        DateTime written = DateTime.UtcNow.AddMinutes(-10);
        foreach (PeerIdentity client in clients)
        {
            File.Copy(client.ChainFile, files[0], overwrite: true);
            File.Copy(client.KeyFile, files[1], overwrite: true);
            written = written.AddMinutes(1);
            Array.ForEach(files, file => File.SetLastWriteTimeUtc(file, written));
            source ??= CredentialSource.FromFiles(server.RootFile, files[0], files[1]);
            using NetworkStream transport = Dial(peer); // OpenSSL serves one at a time
            using TlsConnection connection = Connect(transport, new TlsConnectionOptions
            {
                CredentialSource = source, Profile = General with { ClientRsaBits = 2048, ClientEcdsaBits = 256 }, ServerName = PeerPki.ServerName,
            });
            Assert.True(connection.SentClientCertificate);
            source.Reload();
            Assert.Equal("cba", Ask(connection, "abc"));
            Assert.Equal(CertificateName.Short(client.Leaf.Certificate), CertificateName.Short(source.Current.ClientChain[0]));
        }

        Assert.Equal(3, source!.Replacements);
        source.Dispose();
    }

    private static Profile General => Profiles.General.Profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13);

    private static NetworkStream Dial(OpenSslServer peer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, peer.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static TlsConnection Connect(NetworkStream transport, TlsConnectionOptions options)
    {
        var connection = new TlsConnection(options with { Timeout = TimeSpan.FromSeconds(20) }, transport);
        connection.Handshake();
        return connection;
    }

    private static string Ask(TlsConnection connection, string line)
    {
        connection.Write(Encoding.ASCII.GetBytes(line + "\n"));
        byte[] answer = new byte[line.Length + 1];
        for (int at = 0; at < answer.Length;)
        {
            int read = connection.Read(answer.AsSpan(at));
            Assert.NotEqual(0, read);
            at += read;
        }

        return Encoding.ASCII.GetString(answer).TrimEnd('\n');
    }
}
