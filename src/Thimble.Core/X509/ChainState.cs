using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.X509;

/// <summary>What a chain verification knows between two calls. The layout is the same on every machine.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ChainState
{
    /// <summary>More than <see cref="ChainVerifier.MaxCertificates"/>: a longer path forbids no chain that is read.</summary>
    public const byte MaxPathLength = 15;

    /// <summary>The hash of the subject that the present certificate must have: the issuer of the one before. For the leaf, its own subject.</summary>
    public NameHash Subject;

    /// <summary>The hash of the present certificate's issuer.</summary>
    public NameHash Issuer;

    /// <summary>Where the reader of the present certificate stands.</summary>
    public DerState Der;

    /// <summary>What has been found so far.</summary>
    public ChainFlags Flags;

    /// <summary>Which of the extensions 2.5.29.n the present certificate has carried: one bit each.</summary>
    public uint ExtensionsSeen;

    /// <summary>The anchor that is being tried, as an offset in the ROM image.</summary>
    public uint AnchorOffset;

    /// <summary>The first minute since 1970 in which a certificate ends, at most the last one that fits.</summary>
    public uint TrustedUntilMinutes;

    /// <summary>How many anchors are still to be tried, that one included.</summary>
    public ushort AnchorsLeft;

    /// <summary>keyUsage with its bit 0 topmost. Before the extensions: <see cref="WaitingBytes"/>.</summary>
    public ushort KeyUsage;

    /// <summary>Which forms of names were present so far, one bit each by their tag in GeneralName.</summary>
    public ushort NameForms;

    /// <summary>The length of the signature that waits for its issuer's key.</summary>
    public ushort SignatureBytes;

    /// <summary>What the grammar expects next.</summary>
    public Step Step;

    /// <summary>Who receives the bytes that pass.</summary>
    public Sink Sink;

    /// <summary>The present certificate: 0 for the leaf, <see cref="ChainVerifier.NoCertificate"/> before it.</summary>
    public byte Index;

    /// <summary>The algorithm of the signature that waits.</summary>
    public SignatureAlgorithm WaitingAlgorithm;

    /// <summary>The algorithm that the present certificate names in its signed part.</summary>
    public SignatureAlgorithm Algorithm;

    /// <summary>n of the extension 2.5.29.n that is being read, or 0.</summary>
    public byte Extension;

    /// <summary>Two small numbers: bits 0 to 3, and 4 to 7.</summary>
    private byte _intermediatesAndPathLength;

    /// <summary>Three small numbers: bits 0 to 2, 3 to 5, and 6 and 7.</summary>
    private byte _ranksAndSubtrees;

    /// <summary>How many bytes of the tbsCertificate wait for their hash to be known.</summary>
    public byte WaitingBytes
    {
        readonly get => (byte)KeyUsage;
        set => KeyUsage = value;
    }

    /// <summary>How many CAs stand between the leaf and the present certificate, those that only renew a key left out (RFC 5280 §6.1.4 (l)).</summary>
    public byte Intermediates
    {
        readonly get => (byte)(_intermediatesAndPathLength & MaxPathLength);
        set => _intermediatesAndPathLength = (byte)((_intermediatesAndPathLength & ~MaxPathLength) | value);
    }

    /// <summary>pathLenConstraint, where <see cref="ChainFlags.HasPathLength"/> says so; <see cref="MaxPathLength"/> for a longer one.</summary>
    public byte PathLength
    {
        readonly get => (byte)(_intermediatesAndPathLength >> 4);
        set => _intermediatesAndPathLength = (byte)((_intermediatesAndPathLength & MaxPathLength) | (value << 4));
    }

    /// <summary>How good the display name is that was found so far.</summary>
    public byte TextRank
    {
        readonly get => (byte)(_ranksAndSubtrees & 7);
        set => _ranksAndSubtrees = (byte)((_ranksAndSubtrees & ~7) | value);
    }

    /// <summary>How good the attribute is whose value comes next.</summary>
    public byte AttributeRank
    {
        readonly get => (byte)((_ranksAndSubtrees >> 3) & 7);
        set => _ranksAndSubtrees = (byte)((_ranksAndSubtrees & ~0x38) | (value << 3));
    }

    /// <summary>The subtrees that are being read: 0, or 1 for the permitted and 2 for the excluded ones.</summary>
    public byte Subtrees
    {
        readonly get => (byte)(_ranksAndSubtrees >> 6);
        set => _ranksAndSubtrees = (byte)((_ranksAndSubtrees & 0x3F) | (value << 6));
    }
}

/// <summary>A SHA-256 of a DER Name.</summary>
[InlineArray(Bytes)]
internal struct NameHash
{
    public const int Bytes = 32;

    private byte _first;
}

/// <summary>Who receives the bytes that pass.</summary>
internal enum Sink : byte
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>The bytes before the signature algorithm is known are kept.</summary>
    Waiting,

    /// <summary>The hash that will be compared with the signature.</summary>
    Tbs,

    /// <summary>That hash, and the one of a name, or of a key that may be pinned.</summary>
    TbsAndName,

    /// <summary>All hashes that may turn out to be the one of a response's signature.</summary>
    Response,

    /// <summary>Those, and the one of a name.</summary>
    ResponseAndName,
}

/// <summary>Facts about the chain and about the present certificate.</summary>
[Flags]
internal enum ChainFlags : uint
{
    None = 0,

    // About the chain.
    Trusted = 1 << 0,
    ReferenceIsAddress = 1 << 1,
    NameMatched = 1 << 2,
    MatchedExactly = 1 << 3,
    OfStatus = 1 << 27,
    PinSeen = 1 << 28,
    AnchorUnpinned = 1 << 29,
    Chain = Trusted | ReferenceIsAddress | NameMatched | MatchedExactly | OfStatus | PinSeen | AnchorUnpinned,

    // About the present certificate.
    OuterAlgorithm = 1 << 4,
    SubjectComes = 1 << 5,
    SubjectEmpty = 1 << 6,
    SelfIssued = 1 << 7,
    KeyIsEc = 1 << 8,
    Critical = 1 << 9,
    SubjectAltNameCritical = 1 << 10,
    NameOfKindSeen = 1 << 11,
    TextTaken = 1 << 12,
    IsCa = 1 << 13,
    HasPathLength = 1 << 14,
    PurposeAllowed = 1 << 15,
    AnchorFailed = 1 << 16,
    PssWithNulls = 1 << 17,
    KeyIsPinned = 1 << 18,

    // About the name or subtree that is passing.
    Differs = 1 << 20,
    Wildcard = 1 << 21,
    Capture = 1 << 22,
    PermittedSeen = 1 << 23,
    PermittedMatched = 1 << 24,
    ExcludedMatched = 1 << 25,
    OfAnchor = 1 << 26,
}
