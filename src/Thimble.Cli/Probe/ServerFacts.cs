using System.Collections.Generic;

namespace Thimble.Cli.Probe;

/// <summary>What a server's first flight told.</summary>
internal sealed class ServerFacts
{
    /// <summary>The version that it chose, or 0.</summary>
    public ushort Version { get; set; }

    public ushort Suite { get; set; }

    public ushort Group { get; set; }

    /// <summary>The fatal alert, or null.</summary>
    public byte? Alert { get; set; }

    /// <summary>Its certificates in DER, its own first.</summary>
    public List<byte[]> Chain { get; } = [];

    /// <summary>The length of the stapled OCSP response, or 0.</summary>
    public int StapleBytes { get; set; }

    /// <summary>What it asks of the client, or null where it asks for no certificate.</summary>
    public ClientRequest? ClientRequest { get; set; }

    /// <summary>The scheme of its own signature, in TLS 1.2's ServerKeyExchange or TLS 1.3's CertificateVerify, or 0.</summary>
    public ushort SignatureScheme { get; set; }

    public string? Alpn { get; set; }

    /// <summary>The code of max_fragment_length that it echoed, or 0.</summary>
    public byte MaxFragmentLength { get; set; }

    /// <summary>Its record_size_limit, or 0 where it does not know the extension.</summary>
    public ushort RecordSizeLimit { get; set; }

    public bool ExtendedMasterSecret { get; set; }

    /// <summary>Whether it will send a NewSessionTicket (RFC 5077 §3.2); in TLS 1.2 it says so beforehand.</summary>
    public bool AnnouncesTicket { get; set; }

    /// <summary>Whether it named a session, which it then keeps itself (RFC 5246 §7.4.1.3).</summary>
    public bool NamesSession { get; set; }

    /// <summary>The longest content of a record, as its header has it.</summary>
    public int LargestRecordBytes { get; set; }

    /// <summary>The longest plaintext of a record: what max_fragment_length limits.</summary>
    public int LargestPlaintextBytes { get; set; }

    /// <summary>The longest plaintext under protection with its type and padding: what record_size_limit limits in TLS 1.3; 0 where none was seen.</summary>
    public int LargestInnerBytes { get; set; }

    /// <summary>The longest handshake message: one that is longer than a limit shows whether it is kept.</summary>
    public int LargestMessageBytes { get; set; }

    /// <summary>The same of those that came under protection.</summary>
    public int LargestProtectedMessageBytes { get; set; }
}

/// <summary>What a CertificateRequest says.</summary>
/// <param name="Schemes">The signature schemes that it accepts.</param>
/// <param name="Authorities">The names of its authorities, each a Name in DER; may be empty, and then any may have issued the certificate.</param>
internal sealed record ClientRequest(IReadOnlyList<ushort> Schemes, IReadOnlyList<byte[]> Authorities);
