using System.Collections.Generic;

namespace Thimble.Cli.Probe;

/// <summary>Signature schemes by their numbers (RFC 8446 §4.2.3).</summary>
internal static class SignatureNumbers
{
    /// <summary>Those of servers with an RSA key: RSASSA-PSS, and PKCS#1 v1.5 for TLS 1.2 and certificates.</summary>
    public static IReadOnlyList<ushort> Rsa { get; } = [0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601];

    /// <summary>Those of servers with a key on a curve: ECDSA and Ed25519.</summary>
    public static IReadOnlyList<ushort> Curve { get; } = [0x0403, 0x0503, 0x0603, 0x0807];

    public static IReadOnlyList<ushort> All { get; } = [.. Curve, .. Rsa];

    /// <summary>The digest that a scheme signs, in bits; 0 for Ed25519, which signs the message.</summary>
    public static int HashBits(ushort scheme) => scheme switch
    {
        0x0804 or 0x0401 or 0x0403 => 256,
        0x0805 or 0x0501 or 0x0503 => 384,
        0x0806 or 0x0601 or 0x0603 => 512,
        _ => 0,
    };

    /// <summary>Whether a key of the client's can sign with it, by the kind of key.</summary>
    public static bool IsRsa(ushort scheme) => scheme is 0x0804 or 0x0805 or 0x0806 or 0x0401 or 0x0501 or 0x0601;
}
