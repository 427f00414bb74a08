using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <summary>What is known of the leaf that a stapled status must speak of, and what the status says. The layout is the same on every machine.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct StatusState
{
    public const int Bytes = 160;

    /// <summary>thisUpdate of the response for our certificate, in seconds since 1970.</summary>
    public long ThisUpdate;

    /// <summary>The SHA-256 of the leaf's issuer name.</summary>
    public NameHash IssuerName;

    /// <summary>ResponderID: the SHA-256 of a name, or the SHA-1 of a key, as <see cref="StatusFlags.ByKey"/> says.</summary>
    public NameHash Responder;

    /// <summary>issuerKeyHash of our CertID, which is compared when the issuer's key is known.</summary>
    public NameHash IssuerKeyHash;

    /// <summary>The SHA-1 of the leaf's issuer name.</summary>
    public ShortHash IssuerNameSha1;

    /// <summary>The leaf's serial number, and its length.</summary>
    public ShortHash Serial;

    /// <summary>What the response comes to once its signature is verified, with the two values of that fault.</summary>
    public uint Expected;
    public uint Actual;
    public FaultReason Verdict;
    public StatusFlags Flags;
    public byte SerialBytes;

    /// <summary>OCSPResponseStatus (RFC 6960 §4.2.1).</summary>
    public byte ResponseStatus;
}

/// <summary>A SHA-1, or a serial number: both have at most 20 bytes.</summary>
[InlineArray(Bytes)]
internal struct ShortHash
{
    public const int Bytes = Sha1.DigestBytes;

    private byte _first;
}

/// <summary>Facts about the leaf and its status.</summary>
[Flags]
internal enum StatusFlags : ushort
{
    None = 0,

    /// <summary>The leaf demands a status (RFC 7633).</summary>
    MustStaple = 1,

    /// <summary>The key that signed the leaf is kept.</summary>
    IssuerKnown = 2,

    /// <summary>A response came.</summary>
    Begun = 4,

    /// <summary>It says that the responder has none (RFC 6960 §2.3).</summary>
    Absent = 8,

    /// <summary>The responder is named by its key.</summary>
    ByKey = 16,

    /// <summary>Its certificate came with the response: the issuer vouches for that one.</summary>
    Delegated = 32,

    /// <summary>What passes at present is not about our certificate.</summary>
    Differs = 64,

    /// <summary>The present CertID is made with SHA-1.</summary>
    CertIdSha1 = 128,

    /// <summary>Our certificate was found, and its CertID is made with SHA-1.</summary>
    Matched = 256,
    MatchedSha1 = 512,

    /// <summary>A SingleResponse is being read, and it is ours.</summary>
    InSingle = 1024,
    Ours = 2048,

    /// <summary>The status is good, and its signature verified.</summary>
    Good = 4096,

    /// <summary>The SingleResponse that is being read is ours too: our certificate was found before.</summary>
    OursAgain = 8192,
}
