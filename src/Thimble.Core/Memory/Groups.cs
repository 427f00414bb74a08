using System;

namespace Thimble.Memory;

/// <summary>The groups that a profile may offer for key agreement (RFC 8422 §5.1.1).</summary>
[Flags]
public enum Groups : byte
{
    /// <summary>No group.</summary>
    None = 0,

    /// <summary>secp256r1 (23).</summary>
    Secp256r1 = 1,

    /// <summary>secp384r1 (24).</summary>
    Secp384r1 = 2,

    /// <summary>x25519 (29).</summary>
    X25519 = 4,
}
