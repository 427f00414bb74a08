using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The region <see cref="RegionId.Control"/>: all that a connection must remember besides its keys.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct ConnectionState
{
    /// <summary>The size of the region.</summary>
    public const int Bytes = 96;

    public Fault Fault;

    public ConnectionFlags Flags;

    private ushort _suite;

    /// <summary>What else was negotiated: the group, the server's and the client's signature scheme.</summary>
    public ushort Group;
    public SignatureScheme ServerScheme;
    public SignatureScheme ClientScheme;

    public ClientState State;
    public AlertDescription PendingAlert;

    /// <summary>The longest content of a record that we send.</summary>
    public ushort SendLimitBytes;

    /// <summary>The part of the out window that the transport has not taken yet.</summary>
    public ushort OutStart;
    public ushort OutEnd;

    /// <summary>The length of ClientHello and of what follows it in the out window, until the transcript takes them.</summary>
    public ushort HeldBytes;

    /// <summary>The length of the client's signature.</summary>
    public ushort SignatureBytes;

    /// <summary>How much of the outgoing message has gone into records.</summary>
    public uint MessageSentBytes;

    /// <summary>The length of the server's session id.</summary>
    public byte SessionIdBytes;

    /// <summary>The incoming record: what of its content is still to come.</summary>
    public ContentType RecordType;
    public ushort RecordLeft;

    /// <summary>The in window: how far it is filled, and the opened content that was not taken yet.</summary>
    public ushort InFilled;
    public ushort InStart;
    public ushort InEnd;

    /// <summary>The incoming handshake message: what of its body is still to come.</summary>
    public HandshakeType MessageType;

    private SuiteFacts _suiteFacts;

    public uint MessageLeft;

    /// <summary>Bit by bit, the hello extensions that were seen, or the schemes that CertificateRequest named. In Certificate: what is left of an entry's extensions, in bytes.</summary>
    public uint Seen;

    /// <summary>The first minute since 1970 in which a certificate of the server's chain ends: a session ends before it. 0 without a chain.</summary>
    public uint TrustedUntilMinutes;

    /// <summary>Where the readers stand: in a record's header, in a message's header, in its body.</summary>
    public FieldProgress RecordProgress;
    public FieldCursor MessageCursor;

    /// <summary>What comes in a row and costs the server little (RULES 20): warnings, HelloRequests, empty records, tickets, key updates.</summary>
    public byte IdleEvents;

    /// <summary>Whether the server asked for another ClientHello.</summary>
    public RetryState Retry;

    /// <summary>The length of the cookie that a HelloRetryRequest brought. After the hellos: <see cref="RequestedSchemes"/>.</summary>
    public ushort CookieBytes;

    /// <summary>How many schemes CertificateRequest named.</summary>
    public ushort RequestedSchemes
    {
        readonly get => CookieBytes;
        set => CookieBytes = value;
    }

    /// <summary>The number of the suite that was negotiated.</summary>
    public ushort Suite
    {
        readonly get => _suite;
        set
        {
            _suite = value;
            _suiteFacts = CipherSuite.FactsOf(value);
        }
    }

    /// <summary>What that number stands for.</summary>
    public readonly SuiteFacts SuiteFacts => _suiteFacts;
}
