using System;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Thimble.Crypto;

namespace Thimble;

/// <summary>
/// A private key of Ed25519 (RFC 8032), which the platform has no type for. It serves the client in TLS 1.3, and not in TLS 1.2, where
/// it would have to sign a transcript that nobody keeps.
/// </summary>
public sealed class Ed25519PrivateKey : AsymmetricAlgorithm
{
    /// <summary>SEQUENCE { INTEGER 0, SEQUENCE { 1.3.101.112 }, OCTET STRING { OCTET STRING … } } (RFC 8410 §7).</summary>
    private static readonly byte[] s_pkcs8Head = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20];

    /// <summary>SEQUENCE { SEQUENCE { 1.3.101.112 }, BIT STRING … } (RFC 8410 §4).</summary>
    private static readonly byte[] s_publicHead = [0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0];

    private readonly byte[] _seed = GC.AllocateArray<byte>(Ed25519.PrivateKeyBytes, pinned: true);
    private readonly byte[] _publicKey = new byte[Ed25519.PublicKeyBytes];

    /// <summary>Takes the 32 bytes that RFC 8032 calls the private key. They are copied, and wiped on disposal.</summary>
    /// <exception cref="ArgumentException">They are not 32.</exception>
    public Ed25519PrivateKey(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != _seed.Length)
        {
            throw new ArgumentException($"An Ed25519 private key has {_seed.Length} bytes, and not {seed.Length}.", nameof(seed));
        }

        seed.CopyTo(_seed);
        KeySizeValue = 8 * _seed.Length;
        using var operation = new PlanBuffer(Ed25519.PublicKeyOperationBytes(nuint.Size));
        int work = int.MaxValue;
        _ = Ed25519.PublicKey(operation.Span, _seed, _publicKey, ref work);
    }

    /// <inheritdoc/>
    public override string SignatureAlgorithm => "Ed25519";

    /// <summary>The public key as RFC 8032 §5.1.2 encodes it.</summary>
    public ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <summary>The 32 bytes. Secret.</summary>
    internal ReadOnlySpan<byte> Seed => _seed;

    /// <summary>A new key.</summary>
    public static new Ed25519PrivateKey Create()
    {
        Span<byte> seed = stackalloc byte[Ed25519.PrivateKeyBytes];
        RandomNumberGenerator.Fill(seed);
        try
        {
            return new Ed25519PrivateKey(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Reads PKCS#8 with or without the public key beside it (RFC 5958 §2, RFC 8410 §7).</summary>
    /// <exception cref="CryptographicException">It is not that, or the public key beside it is of another private key.</exception>
    public static Ed25519PrivateKey FromPkcs8(ReadOnlySpan<byte> source, out int bytesRead)
    {
        try
        {
            ReadOnlySpan<byte> rest = Sequence(source, out bytesRead);
            if (!AsnDecoder.TryReadInt32(rest, AsnEncodingRules.DER, out int version, out int read) || version is not (0 or 1))
            {
                throw new CryptographicException("The version of the private key is neither 0 nor 1.");
            }

            rest = rest[read..];
            ReadOnlySpan<byte> algorithm = Sequence(rest, out read);
            rest = rest[read..];
            if (AsnDecoder.ReadObjectIdentifier(algorithm, AsnEncodingRules.DER, out int named) != KeyDescription.Ed25519 || named != algorithm.Length)
            {
                throw new CryptographicException("The private key is not of Ed25519, or has parameters.");
            }

            return Read(rest, version);
        }
        catch (AsnContentException e)
        {
            throw new CryptographicException("The private key is not PKCS#8.", e);
        }
    }

    /// <inheritdoc/>
    public override byte[] ExportPkcs8PrivateKey() => [.. s_pkcs8Head, .. _seed];

    /// <inheritdoc/>
    public override bool TryExportPkcs8PrivateKey(Span<byte> destination, out int bytesWritten) => TryWrite(s_pkcs8Head, _seed, destination, out bytesWritten);

    /// <inheritdoc/>
    public override byte[] ExportSubjectPublicKeyInfo() => [.. s_publicHead, .. _publicKey];

    /// <inheritdoc/>
    public override bool TryExportSubjectPublicKeyInfo(Span<byte> destination, out int bytesWritten) => TryWrite(s_publicHead, _publicKey, destination, out bytesWritten);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_seed);
        base.Dispose(disposing);
    }

    /// <summary>What follows the algorithm: the key, attributes, and in version 1 the public key.</summary>
    private static Ed25519PrivateKey Read(ReadOnlySpan<byte> rest, int version)
    {
        if (!AsnDecoder.TryReadPrimitiveOctetString(rest, AsnEncodingRules.DER, out ReadOnlySpan<byte> wrapped, out int read)
            || !AsnDecoder.TryReadPrimitiveOctetString(wrapped, AsnEncodingRules.DER, out ReadOnlySpan<byte> seed, out int seedRead)
            || seedRead != wrapped.Length || seed.Length != Ed25519.PrivateKeyBytes)
        {
            throw new CryptographicException("The private key has not 32 bytes.");
        }

        rest = rest[read..];
        var attributes = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        if (!rest.IsEmpty && Asn1Tag.Decode(rest, out _) == attributes)
        {
            AsnDecoder.ReadEncodedValue(rest, AsnEncodingRules.DER, out _, out _, out read);
            rest = rest[read..];
        }

        // All is read before the seed is copied: what is malformed leaves no copy.
        ReadOnlySpan<byte> publicKey = rest.IsEmpty ? default : PublicKeyBeside(rest, version);
        var key = new Ed25519PrivateKey(seed);
        if (rest.IsEmpty || publicKey.SequenceEqual(key.PublicKey))
        {
            return key;
        }

        key.Dispose();
        throw NotItsOwn();
    }

    private static ReadOnlySpan<byte> PublicKeyBeside(ReadOnlySpan<byte> rest, int version) =>
        version == 1
        && AsnDecoder.TryReadPrimitiveBitString(rest, AsnEncodingRules.DER, out int unused, out ReadOnlySpan<byte> bits, out int read, new Asn1Tag(TagClass.ContextSpecific, 1))
        && read == rest.Length && unused == 0 ? bits : throw NotItsOwn();

    private static CryptographicException NotItsOwn() => new("The public key beside the private key is not its own.");

    private static ReadOnlySpan<byte> Sequence(ReadOnlySpan<byte> source, out int bytesRead)
    {
        AsnDecoder.ReadSequence(source, AsnEncodingRules.DER, out int start, out int length, out bytesRead);
        return source.Slice(start, length);
    }

    private static bool TryWrite(byte[] head, byte[] key, Span<byte> destination, out int bytesWritten)
    {
        bytesWritten = 0;
        if (destination.Length < head.Length + key.Length)
        {
            return false;
        }

        head.CopyTo(destination);
        key.CopyTo(destination[head.Length..]);
        bytesWritten = head.Length + key.Length;
        return true;
    }
}
