using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Demo;

/// <summary>
/// A small MQTT broker inside this process, on a free port of 127.0.0.1, behind the platform's own TLS: nothing in it
/// comes from Thimble, so that it is an independent peer. Every client must show a certificate of the device authority.
/// </summary>
internal sealed class DemoBroker : IAsyncDisposable
{
    private const int MaxClients = 16;
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<BrokerSession, bool> _sessions = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly SslServerAuthenticationOptions _tls;
    private readonly X509Certificate2 _deviceAuthority;
    private readonly Task _accepting;

    private DemoBroker(DemoPki pki)
    {
        _deviceAuthority = pki.DeviceAuthority;
        var clients = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        _ = clients.CustomTrustStore.Add(_deviceAuthority);
        _tls = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = pki.ServerContext(),
            ClientCertificateRequired = true,
            CertificateChainPolicy = clients,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the broker saw, in order.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    /// <summary>Begins to listen.</summary>
    public static DemoBroker Start(DemoPki pki) => new(pki);

    /// <summary>Writes down what the broker saw.</summary>
    public void Note(string text)
    {
        const int MaxNotes = 1000;
        if (_notes.Count < MaxNotes)
        {
            _notes.Enqueue(text);
        }
    }

    /// <summary>Hands a message to every client that subscribed to its topic. A client that cannot take it loses it: that is QoS 0.</summary>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        Note($"{payload.Length} bytes were published on '{topic}'");
        foreach (BrokerSession session in _sessions.Keys)
        {
            try
            {
                await session.OfferAsync(topic, payload, cancel).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTheClientsFault(e))
            {
                Note($"'{session.ClientId}' could not take a message: {e.Message}");
            }
        }
    }

    /// <summary>Hands messages of QoS 1 to every client that subscribed to their topic with it, all in one go.</summary>
    public async Task PublishTogetherAsync(string topic, IReadOnlyCollection<byte[]> payloads)
    {
        foreach (BrokerSession session in _sessions.Keys)
        {
            await session.OfferTogetherAsync(topic, payloads, _stop.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Ends all connections and the listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _accepting.ConfigureAwait(false);
        _stop.Dispose();
    }

    private static bool IsTheClientsFault(Exception e) =>
        e is IOException or AuthenticationException or OperationCanceledException or InvalidDataException or SocketException or ObjectDisposedException;

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token).ConfigureAwait(false);
                _ = connections.RemoveAll(connection => connection.IsCompleted);
                if (connections.Count < MaxClients)
                {
                    connections.Add(Task.Run(() => ServeAsync(socket)));
                }
                else
                {
                    socket.Dispose();
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException) // the last where it listens no more
        {
            // The broker is being stopped.
            await Task.WhenAll(connections).ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await AuthenticateAsync(stream).ConfigureAwait(false);
            string peer = stream.RemoteCertificate is X509Certificate2 certificate ? certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) : "nobody";
            using var session = new BrokerSession(stream, peer, this);
            _ = _sessions.TryAdd(session, true);
            try
            {
                await session.RunAsync(_stop.Token).ConfigureAwait(false);
                await stream.ShutdownAsync().ConfigureAwait(false);
            }
            finally
            {
                _ = _sessions.TryRemove(session, out _);
            }
        }
        catch (Exception e) when (IsTheClientsFault(e))
        {
            Note("A connection ended: " + (e.InnerException ?? e).Message);
        }
    }

    private async Task AuthenticateAsync(SslStream stream)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(s_handshakeTimeout);
        await stream.AuthenticateAsServerAsync(_tls, patience.Token).ConfigureAwait(false);
        Note($"{stream.SslProtocol} with {stream.NegotiatedCipherSuite}");
    }
}
