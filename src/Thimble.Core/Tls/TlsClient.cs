using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// A client of TLS 1.2 (RFC 5246) and TLS 1.3 (RFC 8446) as a lens over one planned buffer: it does no I/O, keeps nothing outside the buffer, and
/// each call does a bounded amount of work. Any split of the input gives the same result.
/// </summary>
/// <remarks>
/// The buffer is prepared once for each connection with <see cref="MemoryPlan.TryPrepare"/>. Then, with the same
/// configuration each time: <see cref="Handshake"/> until it is complete; <see cref="Read"/> and <see cref="Write"/>;
/// <see cref="Close"/>. After <see cref="TlsStatus.Faulted"/> or <see cref="TlsStatus.Closed"/>, <see cref="Flush"/>
/// gives the alert that the peer should hear. Not safe for concurrent use over one buffer.
/// Leaks: the lengths and times of records, and what the handshake sends in the clear.
/// </remarks>
public ref partial struct TlsClient
{
    private readonly bool _prepared;
    private Connection _connection;

    /// <summary>Looks at the connection in <paramref name="memory"/>.</summary>
    public TlsClient(Span<byte> memory, scoped in TlsConfig config)
    {
        _prepared = !Unsafe.IsNullRef(in config.Profile) && PlannedBuffer.IsPrepared(memory, config.Profile.Digest);
        if (!_prepared)
        {
            return;
        }

        var buffer = new PlannedBuffer(memory, config.Audit);
        if (buffer.Phase == Phase.None)
        {
            buffer.Enter(Phase.Hello);
            buffer[RegionId.Control].Clear();
        }

        Connection.Open(buffer, config, out _connection);
    }

    /// <summary>Why the connection ended; <see cref="FaultReason.None"/> while it has not.</summary>
    public readonly Fault Fault => !_prepared ? new Fault { Reason = FaultReason.BufferNotPlanned, Depth = Fault.NoDepth }
        : _connection.HoldsFault ? default : _connection.State.Fault;

    /// <summary>The name that the fault speaks of, in UTF-8, cut off where the region ends; or nothing.</summary>
    public readonly ReadOnlySpan<byte> FaultText
    {
        get
        {
            Span<byte> text = _prepared ? _connection.Buffer[RegionId.FaultText] : default;
            return text.IsEmpty || text[0] >= text.Length || _connection.Is(ConnectionFlags.Unverified) ? default : text.Slice(1, text[0]);
        }
    }

    /// <summary>The phase of the connection. While a record larger than the window is read, nobody vouches for it yet.</summary>
    public readonly Phase Phase => _prepared ? _connection.Buffer.Phase : Phase.None;

    /// <summary>The number of the negotiated suite, or 0.</summary>
    public readonly ushort Suite => _prepared ? _connection.State.Suite : (ushort)0;

    /// <summary>The version that was negotiated, or <see cref="TlsVersions.None"/>.</summary>
    public readonly TlsVersions Version => Suite == 0 ? TlsVersions.None : CipherSuite.Is13(Suite) ? TlsVersions.Tls13 : TlsVersions.Tls12;

    /// <summary>The group of the key agreement, or <see cref="NamedGroup.None"/>.</summary>
    public readonly NamedGroup Group => _prepared ? (NamedGroup)_connection.State.Group : NamedGroup.None;

    /// <summary>
    /// The number of the algorithm with which the server signed the handshake (RFC 5246 §7.4.1.4.1, RFC 8446 §4.2.3), once
    /// the handshake is complete; 0 before, and where it signed nothing because a session or a shared key speaks for it.
    /// </summary>
    public readonly ushort ServerSignatureScheme =>
        Phase == Phase.Connected ? (ushort)_connection.State.ServerScheme : (ushort)0;

    /// <summary>Whether the server asked for a certificate and got one.</summary>
    public readonly bool SentClientCertificate => Knows(ConnectionFlags.ClientCertificate);

    /// <summary>Whether the server chose the application protocol that was offered (RFC 7301).</summary>
    public readonly bool AlpnNegotiated => Knows(ConnectionFlags.AlpnNegotiated);

    /// <summary>How the client proves itself, once that is known; meaningful while the status is <see cref="TlsStatus.NeedsSignature"/>.</summary>
    public readonly SignatureScheme SignatureScheme => _prepared ? _connection.State.ClientScheme : SignatureScheme.None;

    /// <summary>
    /// What the client's private key is to sign while the status is <see cref="TlsStatus.NeedsSignature"/>, otherwise nothing: a digest under the
    /// scheme's hash, and for Ed25519 the message itself (RFC 8446 §4.4.3). It lies in the buffer, and is no secret.
    /// </summary>
    public readonly ReadOnlySpan<byte> ToBeSigned =>
        _prepared && ClientCertificateVerify.Awaits(_connection) ? ClientCertificateVerify.ToBeSigned(_connection) : default;

    /// <summary>
    /// Whether the configuration's session was offered. If not, <see cref="Session.Judge"/> tells why, and the handshake is a full one; one
    /// that fits is held back where only a shared key can vouch for the server, because then that goes out.
    /// </summary>
    public readonly bool SessionOffered => _prepared && _connection.Is(ConnectionFlags.SessionOffered);

    /// <summary>Whether the server resumed the session that was offered: it proved that it was there when the session was made, and showed no certificate.</summary>
    public readonly bool Resumed => Proved(ConnectionFlags.Resumed) || (SessionOffered && Version == TlsVersions.Tls13 && Proved(ConnectionFlags.PskSelected));

    /// <summary>Whether both sides proved that they know the key that was shared beforehand; the server showed no certificate.</summary>
    public readonly bool UsedPreSharedKey => Proved(ConnectionFlags.PskSelected) && !Resumed;

    /// <summary>Whether a session waits for <see cref="TryTakeSession"/>: verified records brought all of it.</summary>
    public readonly bool HasSession => _prepared && _connection.Is(ConnectionFlags.SessionReady) && !_connection.Is(ConnectionFlags.Wiped);

    /// <summary>
    /// What a stapled response said of the server's certificate: known when the handshake is complete. <see cref="CertificateStatus.None"/>
    /// before, and where the server showed no certificate: <see cref="Resumed"/>, <see cref="UsedPreSharedKey"/>.
    /// </summary>
    public readonly CertificateStatus CertificateStatus =>
        !_prepared || !_connection.OffersStatus || _connection.Is(ConnectionFlags.Resumed | ConnectionFlags.PskSelected) || _connection.Buffer.Phase != Phase.Connected || _connection.State.State == ClientState.Faulted ? CertificateStatus.None
        : _connection.Is(ConnectionFlags.StatusGood) ? CertificateStatus.Good : CertificateStatus.NotStapled;

    /// <summary>Whether bytes wait for <see cref="Flush"/>.</summary>
    public readonly bool HasPendingOutput => _prepared && (_connection.State.OutStart != _connection.State.OutEnd || _connection.Is(ConnectionFlags.AlertPending));

    /// <summary>
    /// Goes on with the handshake: takes the peer's bytes from <paramref name="source"/> and puts ours into
    /// <paramref name="destination"/>. <see cref="TlsStatus.Complete"/> means that both Finished messages were verified. A
    /// call ends with its phase, and then says <see cref="TlsStatus.MoreWork"/>: so no call does the work of two. Where the client's private key
    /// is kept elsewhere, <see cref="TlsStatus.NeedsSignature"/> comes until a signature was provided.
    /// </summary>
    public TlsStatus Handshake(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (!_prepared)
        {
            return TlsStatus.Faulted;
        }

        int work = GrantedWork;
        Phase phase = Phase;
        ReadOnlySpan<byte> rest = source;
        TlsStatus status;
        do
        {
            status = HandshakeStep(ref rest, destination.Slice(written), out int flushed, ref work);
            written += flushed;
        }
        while (status == TlsStatus.MoreWork && work > 0 && Phase == phase);
        consumed = source.Length - rest.Length;
        return status;
    }

    /// <summary>
    /// Gives the signature that <see cref="TlsStatus.NeedsSignature"/> asked for: of ECDSA the DER of RFC 3279 §2.2.3, of RSA as many bytes as
    /// the modulus, of Ed25519 64. The following calls of <see cref="Handshake"/> verify it before it leaves:
    /// <see cref="FaultReason.ProvidedSignatureInvalid"/> otherwise. An empty one gives the connection up, because the key could not be used.
    /// </summary>
    /// <returns>Whether it was taken. Not where none is asked for, which changes nothing; and not where its length cannot be right, which is a fault.</returns>
    public bool ProvideSignature(ReadOnlySpan<byte> signature)
    {
        bool taken = _prepared && ClientCertificateVerify.Provide(_connection, signature);
        if (_prepared)
        {
            Settle();
        }

        return taken;
    }

    /// <summary>
    /// Takes the peer's records from <paramref name="source"/> and puts verified application data into
    /// <paramref name="destination"/>. <see cref="TlsStatus.Complete"/>: data was written, there may be more;
    /// <see cref="TlsStatus.NeedMoreData"/>: all was consumed, and gave none. Where the configuration asks for provisional
    /// delivery, also <see cref="TlsStatus.Provisional"/>, <see cref="TlsStatus.Committed"/> and <see cref="TlsStatus.Withdrawn"/>;
    /// what is provisional is never given out together with what is verified.
    /// </summary>
    public TlsStatus Read(ReadOnlySpan<byte> source, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (!_prepared)
        {
            return TlsStatus.Faulted;
        }

        ReadOnlySpan<byte> rest = source;
        ref ConnectionState state = ref _connection.State;
        bool streamed = false;
        while (state.State == ClientState.Connected && !streamed && !_connection.Is(ConnectionFlags.ReadClosed | ConnectionFlags.Committed | ConnectionFlags.Withdrawn))
        {
            if (IncomingRecords.Step(_connection, ref rest))
            {
                continue;
            }

            streamed = _connection.Is(ConnectionFlags.Streaming);
            if (!IncomingRecords.HasOpenedContent(_connection) || written == destination.Length || (streamed && written != 0))
            {
                streamed = false;
                break;
            }

            written += streamed ? StreamedRecords.Take(_connection, destination) : IncomingRecords.TakeApplicationData(_connection, destination.Slice(written));
        }

        consumed = source.Length - rest.Length;
        Settle();
        return EndsStream(out TlsStatus end) ? end : streamed ? TlsStatus.Provisional : ReadStatus(written);
    }

    /// <summary>
    /// Seals <paramref name="plaintext"/> into records. <see cref="TlsStatus.Complete"/>: all of it was consumed, and all
    /// records were given out; <see cref="TlsStatus.DestinationTooSmall"/>: call again with what was not consumed.
    /// <see cref="TlsStatus.NeedMoreData"/>: the handshake is not complete.
    /// </summary>
    public TlsStatus Write(ReadOnlySpan<byte> plaintext, Span<byte> destination, out int consumed, out int written)
    {
        consumed = 0;
        written = 0;
        if (!_prepared)
        {
            return TlsStatus.Faulted;
        }

        ref ConnectionState state = ref _connection.State;
        if (state.State != ClientState.Connected || _connection.Is(ConnectionFlags.WriteClosed | ConnectionFlags.AlertPending))
        {
            return state.State == ClientState.Faulted ? TlsStatus.Faulted
                : state.State >= ClientState.Connected ? TlsStatus.Closed : TlsStatus.NeedMoreData;
        }

        written = OutgoingRecords.Flush(_connection, destination);
        while (consumed < plaintext.Length && !OutgoingRecords.ArePending(_connection) && state.State == ClientState.Connected)
        {
            if (Features.Tls13 && KeyUpdate.Compose(_connection))
            {
                written += OutgoingRecords.Flush(_connection, destination.Slice(written));
                continue;
            }

            int left = plaintext.Length - consumed;
            int count = left < state.SendLimitBytes ? left : state.SendLimitBytes;
            written += WriteRecord(plaintext.Slice(consumed, count), destination.Slice(written));
            consumed += count;
        }

        Settle();
        return state.State == ClientState.Faulted ? TlsStatus.Faulted
            : consumed == plaintext.Length && !OutgoingRecords.ArePending(_connection) ? TlsStatus.Complete
            : TlsStatus.DestinationTooSmall;
    }

    /// <summary>
    /// Sends close_notify (RFC 5246 §7.2.1): nothing can be written after it, but what the peer still sends can be read.
    /// Before the handshake is complete it gives the connection up.
    /// </summary>
    public TlsStatus Close(Span<byte> destination, out int written)
    {
        written = 0;
        if (!_prepared)
        {
            return TlsStatus.Faulted;
        }

        if (!_connection.Is(ConnectionFlags.WriteClosed | ConnectionFlags.AlertPending))
        {
            Alerts.CloseOurSide(_connection);
        }

        return Flush(destination, out written);
    }

    /// <summary>
    /// Gives out what waits for the transport: records that did not fit, and the alert after a fault or a close.
    /// </summary>
    public TlsStatus Flush(Span<byte> destination, out int written)
    {
        written = 0;
        if (!_prepared)
        {
            return TlsStatus.Faulted;
        }

        do
        {
            Settle();
            written += OutgoingRecords.Flush(_connection, destination.Slice(written));
        }
        while (!OutgoingRecords.ArePending(_connection) && _connection.Is(ConnectionFlags.AlertPending));
        Settle();
        return HasPendingOutput ? TlsStatus.DestinationTooSmall : TlsStatus.Complete;
    }

    /// <summary>The transport ended. Without close_notify before it, data may have been cut off, and that is a fault (RFC 5246 §7.2.1).</summary>
    public TlsStatus SourceEnded()
    {
        if (_prepared && _connection.Is(ConnectionFlags.ReadClosed) && _connection.State.State == ClientState.Connected)
        {
            _connection.State.State = ClientState.Closed; // TLS 1.3: the server had ended its side, and now it is gone
            Settle();
        }

        if (_prepared && _connection.State.State != ClientState.Closed)
        {
            _connection.FailNow(FaultReason.TruncatedByPeer);
            Settle();
        }

        return _prepared && _connection.State.State == ClientState.Closed ? TlsStatus.Closed : TlsStatus.Faulted;
    }

    /// <summary>
    /// Moves the session that waits to <paramref name="destination"/>, of which <see cref="Session.MaxBytes"/> is enough, and wipes it here.
    /// False where none waits, and where it does not fit. It is a secret, and lets whoever has it be us or the server to each other.
    /// </summary>
    public bool TryTakeSession(Span<byte> destination, out int written)
    {
        written = 0;
        if (!HasSession)
        {
            return false;
        }

        Span<byte> region = _connection.Buffer[RegionId.Session];
        ReadOnlySpan<byte> session = region.Slice(0, new SessionDraft(region).Bytes);
        if (!session.TryCopyTo(destination))
        {
            return false;
        }

        written = session.Length;
        _connection.Clear(ConnectionFlags.SessionReady);
        _connection.Buffer.Wipe(RegionId.Session);
        return true;
    }

    /// <summary>Brings the configuration's audit up to date for the regions that are alive; see <see cref="PlanAudit"/>.</summary>
    public readonly void SurveyMemory()
    {
        if (_prepared)
        {
            _connection.Buffer.Survey();
        }
    }

    private readonly int GrantedWork => _connection.Config.WorkPerCall > 0 ? _connection.Config.WorkPerCall : int.MaxValue;

    /// <summary>Whether a fact of the handshake is known from verified records (RULES 1): once it is over, all of them are.</summary>
    private readonly bool Knows(ConnectionFlags fact) =>
        _prepared && _connection.Is(fact) && (!_connection.Is(ConnectionFlags.Unverified) || _connection.State.State >= ClientState.Connected);

    /// <summary>Whether what ServerHello claimed is proved: by the server's Finished, once the handshake is over.</summary>
    private readonly bool Proved(ConnectionFlags claim) => _prepared && _connection.Is(claim) && _connection.Buffer.Phase == Phase.Connected;

    private TlsStatus HandshakeStep(ref ReadOnlySpan<byte> source, Span<byte> destination, out int written, ref int work)
    {
        ref ConnectionState state = ref _connection.State;
        Settle();
        written = OutgoingRecords.Flush(_connection, destination);
        if (OutgoingRecords.ArePending(_connection))
        {
            return TlsStatus.DestinationTooSmall;
        }

        if (_connection.HoldsFault && state.State < ClientState.Connected)
        {
            return IncomingRecords.Step(_connection, ref source) ? TlsStatus.MoreWork : TlsStatus.NeedMoreData;
        }

        if (_connection.Is(ConnectionFlags.ChainVerifying) && ClientStates.Waits(state.State))
        {
            ServerCertificate.Verify(_connection, ref work);
            return TlsStatus.MoreWork;
        }

        switch (state.State)
        {
            case ClientState.Faulted:
                return _connection.Is(ConnectionFlags.AlertPending) ? TlsStatus.MoreWork : TlsStatus.Faulted;
            case ClientState.Connected:
                return TlsStatus.Complete;
            case ClientState.Closed:
                return TlsStatus.Closed;
            default:
                if (ClientStates.Waits(state.State))
                {
                    return IncomingRecords.Step(_connection, ref source) ? TlsStatus.MoreWork : TlsStatus.NeedMoreData;
                }

                if (ClientCertificateVerify.Awaits(_connection))
                {
                    return TlsStatus.NeedsSignature;
                }

                ClientFlight.Continue(_connection, ref work);
                return TlsStatus.MoreWork;
        }
    }

    private int WriteRecord(ReadOnlySpan<byte> content, Span<byte> destination)
    {
        if (destination.Length >= content.Length + RecordProtection.Overhead(_connection))
        {
            return RecordProtection.Seal(_connection, ContentType.ApplicationData, content, destination);
        }

        content.CopyTo(OutgoingRecords.Content(_connection, content.Length));
        OutgoingRecords.Queue(_connection, ContentType.ApplicationData, content.Length);
        return OutgoingRecords.Flush(_connection, destination);
    }

    /// <summary>Whether the record of the provisional bytes has ended, which is told once.</summary>
    private bool EndsStream(out TlsStatus end)
    {
        end = _connection.Is(ConnectionFlags.Withdrawn) ? TlsStatus.Withdrawn : TlsStatus.Committed;
        bool ends = _connection.Is(ConnectionFlags.Committed | ConnectionFlags.Withdrawn);
        _connection.Clear(ConnectionFlags.Committed | ConnectionFlags.Withdrawn);
        return ends;
    }

    private TlsStatus ReadStatus(int written)
    {
        if (written > 0)
        {
            return TlsStatus.Complete;
        }

        switch (_connection.State.State)
        {
            case ClientState.Faulted:
                return TlsStatus.Faulted;
            case ClientState.Closed:
                return TlsStatus.Closed;
            default:
                return _connection.Is(ConnectionFlags.ReadClosed) ? TlsStatus.Closed
                    : IncomingRecords.HasOpenedContent(_connection) ? TlsStatus.DestinationTooSmall : TlsStatus.NeedMoreData;
        }
    }

    /// <summary>Puts a pending alert into the free out window; a connection that is over and has said so loses its secrets.</summary>
    private void Settle()
    {
        ref ConnectionState state = ref _connection.State;
        if (_connection.Is(ConnectionFlags.AlertPending) && !OutgoingRecords.ArePending(_connection))
        {
            Alerts.Compose(_connection);
        }

        if (Features.Tls13)
        {
            KeyUpdate.Compose(_connection);
        }

        bool over = state.State is ClientState.Faulted or ClientState.Closed;
        if (over && !_connection.Is(ConnectionFlags.AlertPending | ConnectionFlags.Wiped))
        {
            _connection.Buffer.WipeSecrets();
            _connection.Set(ConnectionFlags.Wiped);
        }
    }
}
