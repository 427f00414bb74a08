using System;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// Many MQTT clients of one broker in one process, each with a certificate of its own. An idle client keeps a slot of a few hundred bytes and its socket; what
/// handshakes, records and messages need is shared by all, and lent while one is in progress.
/// </summary>
/// <remarks>Safe for concurrent use. One timer serves the keep-alive of all clients; it looks ten times a second who is due.</remarks>
public sealed class MqttFleet : IAsyncDisposable
{
    private readonly SemaphoreSlim _handshakes;
    private readonly CancellationTokenSource _end = new();
    private int _disposed;

    /// <summary>Plans the memory.</summary>
    /// <exception cref="ArgumentException">The profile plans no MQTT topics.</exception>
    public MqttFleet(MqttFleetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Profile.MaxMqttTopicBytes == 0)
        {
            throw new ArgumentException("The profile plans for no topics: set MaxMqttTopicBytes to the length of the longest that is received.", nameof(options));
        }

        TypeCheckTable.Fill();
        Options = options;
        Memory = new FleetMemory(options.Profile with { MaxTicketBytes = 0, ProvisionalMqtt = false });
        ServerName = Encoding.UTF8.GetBytes(options.ServerName ?? options.Host);
        Alpn = Encoding.UTF8.GetBytes(options.Alpn);
        Context = new FaultContext
        {
            Profile = Memory.Profile,
            ServerName = options.ServerName ?? options.Host,
            AnchorNames = [.. options.Trust.Anchors.Select(CertificateName.Short)],
            Pins = [.. options.Trust.Pins],
            HasClientCertificate = true,
        };
        Wheel = new DueWheel(options.TimeProvider);
        _handshakes = new SemaphoreSlim(options.MaxHandshakes);
    }

    /// <summary>What all clients have in common.</summary>
    public MqttFleetOptions Options { get; }

    /// <summary>How many clients are connected.</summary>
    public int Count => Wheel.Count;

    /// <summary>What the fleet's own memory comes to.</summary>
    public MqttFleetMemory MemoryUse => new(Memory.Slab.Taken, Memory.Slab.SlotBytes, Memory.Slab.Bytes, Memory.Working.Lent, Memory.PlanBytes);

    internal FleetMemory Memory { get; }

    internal DueWheel Wheel { get; }

    internal byte[] ServerName { get; }

    internal byte[] Alpn { get; }

    internal FaultContext Context { get; }

    /// <summary>
    /// Connects one more client, when it is its turn (<see cref="MqttFleetOptions.MaxHandshakes"/>): TCP, the handshake with its own certificate, CONNECT and CONNACK.
    /// </summary>
    /// <param name="identity">Who it is: used until this ends, and the caller's to dispose of.</param>
    /// <param name="clientId">The client identifier: two clients of a broker never share one.</param>
    /// <param name="tag">What <see cref="MqttFleetClient.Tag"/> is to be from the first message on.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TransportException">There is no connection, or no answer in time; the message says why.</exception>
    /// <exception cref="TlsFaultException">The handshake failed, or the broker refused; the message says why.</exception>
    /// <exception cref="CredentialException">The certificate or its key cannot be used; the message says why.</exception>
    public Task<MqttFleetClient> ConnectAsync(ClientIdentity identity, string clientId, object? tag = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(identity);
        return ConnectAsync(Credentials.From(Options.Trust, identity), clientId, tag, cancellationToken); // not disposed of: the identity is the caller's
    }

    /// <summary>
    /// The same with credentials that say themselves whom to trust, whatever <see cref="MqttFleetOptions.Trust"/> says. Those of an image
    /// (<see cref="Credentials.FromImage"/>) take the least memory: no certificate is parsed.
    /// </summary>
    /// <param name="credentials">Who it is and whom it trusts: used until this ends, and the caller's to dispose of.</param>
    /// <param name="clientId">The client identifier: two clients of a broker never share one.</param>
    /// <param name="tag">What <see cref="MqttFleetClient.Tag"/> is to be from the first message on.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TransportException">There is no connection, or no answer in time; the message says why.</exception>
    /// <exception cref="TlsFaultException">The handshake failed, or the broker refused; the message says why.</exception>
    /// <exception cref="CredentialException">The certificate or its key cannot be used; the message says why.</exception>
    public async Task<MqttFleetClient> ConnectAsync(Credentials credentials, string clientId, object? tag = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        ArgumentNullException.ThrowIfNull(clientId);
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _end.Token);
        await _handshakes.WaitAsync(linked.Token).ConfigureAwait(false);
        try
        {
            var client = new MqttFleetClient(this) { Tag = tag };
            await client.OpenAsync(credentials, clientId, linked.Token).ConfigureAwait(false);
            return client;
        }
        finally
        {
            _ = _handshakes.Release();
        }
    }

    /// <summary>Disconnects all clients, and wipes the memory. Handshakes in progress are given up.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        for (int i = 0; i < Options.MaxHandshakes; i++)
        {
            await _handshakes.WaitAsync().ConfigureAwait(false);
        }

        await Wheel.DisposeAsync().ConfigureAwait(false);
        foreach (MqttFleetClient client in Wheel.ToArray())
        {
            await client.DisconnectAsync().ConfigureAwait(false);
        }

        Memory.Dispose();
        _end.Dispose();
        _handshakes.Dispose();
    }

    /// <summary>Tells that a client is no more, on a thread of the pool: whoever calls holds a lock.</summary>
    internal void Tell(MqttFleetClient client, Exception? why)
    {
        if (Options.Ended is { } ended)
        {
            _ = ThreadPool.UnsafeQueueUserWorkItem(static told => told.ended(told.client, told.why), (ended, client, why), preferLocal: false);
        }
    }
}
