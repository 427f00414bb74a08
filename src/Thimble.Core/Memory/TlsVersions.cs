using System;

namespace Thimble.Memory;

/// <summary>The versions of TLS that a profile may offer.</summary>
[Flags]
public enum TlsVersions : byte
{
    /// <summary>None named: TLS 1.2.</summary>
    None = 0,

    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12 = 1,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13 = 2,
}
