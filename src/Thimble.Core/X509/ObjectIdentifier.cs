using System;
using System.Security.Cryptography;

namespace Thimble.X509;

/// <summary>The object identifiers of algorithms, curves and purposes that are told apart.</summary>
internal enum ObjectIdentifier : byte
{
    Unknown,
    RsaEncryption,
    RsassaPss,
    Sha256WithRsa,
    Sha384WithRsa,
    Sha512WithRsa,
    EcPublicKey,
    EcdsaWithSha256,
    EcdsaWithSha384,
    EcdsaWithSha512,
    Secp256r1,
    Secp384r1,
    Secp521r1,
    Ed25519,
    Ed448,
    ServerAuth,
    AnyExtendedKeyUsage,
    Sha1,
    Sha256,
    OcspBasic,
    OcspNonce,
    OcspSigning,
    TlsFeature,
}

/// <summary>Finds the name of an object identifier's contents octets.</summary>
internal static class ObjectIdentifiers
{
    /// <summary>Rows of length, name and contents octets, with their sources: RFC 8017 §A, RFC 5480 §2.1.1, RFC 5758 §3.2, RFC 8410 §3, RFC 5280 §4.2.1.12.</summary>
    private static ReadOnlySpan<byte> Rows =>
    [
        9, (byte)ObjectIdentifier.RsaEncryption, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01,
        9, (byte)ObjectIdentifier.RsassaPss, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A,
        9, (byte)ObjectIdentifier.Sha256WithRsa, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B,
        9, (byte)ObjectIdentifier.Sha384WithRsa, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C,
        9, (byte)ObjectIdentifier.Sha512WithRsa, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D,
        7, (byte)ObjectIdentifier.EcPublicKey, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        8, (byte)ObjectIdentifier.EcdsaWithSha256, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02,
        8, (byte)ObjectIdentifier.EcdsaWithSha384, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03,
        8, (byte)ObjectIdentifier.EcdsaWithSha512, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04,
        8, (byte)ObjectIdentifier.Secp256r1, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
        5, (byte)ObjectIdentifier.Secp384r1, 0x2B, 0x81, 0x04, 0x00, 0x22,
        5, (byte)ObjectIdentifier.Secp521r1, 0x2B, 0x81, 0x04, 0x00, 0x23,
        3, (byte)ObjectIdentifier.Ed25519, 0x2B, 0x65, 0x70,
        3, (byte)ObjectIdentifier.Ed448, 0x2B, 0x65, 0x71,
        8, (byte)ObjectIdentifier.ServerAuth, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01,
        4, (byte)ObjectIdentifier.AnyExtendedKeyUsage, 0x55, 0x1D, 0x25, 0x00,
    ];

    /// <summary>The rows that only a status needs: RFC 6960 §4.2.1, §4.2.2.2, §4.4.1, RFC 8017 §A.2.1, RFC 7633 §6.</summary>
    private static ReadOnlySpan<byte> StatusRows =>
    [
        5, (byte)ObjectIdentifier.Sha1, 0x2B, 0x0E, 0x03, 0x02, 0x1A,
        9, (byte)ObjectIdentifier.Sha256, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
        9, (byte)ObjectIdentifier.OcspBasic, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01,
        9, (byte)ObjectIdentifier.OcspNonce, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02,
        8, (byte)ObjectIdentifier.OcspSigning, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09,
        8, (byte)ObjectIdentifier.TlsFeature, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x01, 0x18,
    ];

    /// <summary>The name of these contents octets.</summary>
    public static ObjectIdentifier Find(ReadOnlySpan<byte> contents) => Find(contents, Rows);

    /// <summary>The same among those that only a status needs.</summary>
    public static ObjectIdentifier FindOfStatus(ReadOnlySpan<byte> contents) => Find(contents, StatusRows);

    private static ObjectIdentifier Find(ReadOnlySpan<byte> contents, ReadOnlySpan<byte> rows)
    {
        while (!rows.IsEmpty)
        {
            int end = 2 + rows[0];
            if (CryptographicOperations.FixedTimeEquals(contents, rows[2..end]))
            {
                return (ObjectIdentifier)rows[1];
            }

            rows = rows[end..];
        }

        return ObjectIdentifier.Unknown;
    }

    /// <summary>The last arc of an identifier 2.5.<paramref name="arc"/>.n with n below 128 (attribute types, certificate extensions), or 0.</summary>
    public static byte LastArc(ReadOnlySpan<byte> contents, byte arc) =>
        contents.Length == 3 && contents[0] == 0x55 && contents[1] == arc ? contents[2] : (byte)0;
}
