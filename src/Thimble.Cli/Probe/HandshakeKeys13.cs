using System;
using System.Security.Cryptography;
using System.Text;

namespace Thimble.Cli.Probe;

/// <summary>
/// Opens the records of a TLS 1.3 server's first flight (RFC 8446 §7.1, §5.2), to look at what it says there. Nothing is ever sent under these keys,
/// so nothing depends on who the server is: what vouches for it, Finished, is not waited for.
/// </summary>
internal sealed class HandshakeKeys13 : IDisposable
{
    private const int NonceBytes = 12;

    private readonly AesGcm? _gcm;
    private readonly AesCcm? _ccm;
    private readonly ChaCha20Poly1305? _chaCha;
    private readonly byte[] _iv;
    private readonly int _tagBytes;
    private ulong _sequence;

    /// <summary>The keys of a suite, where <paramref name="transcript"/> is ClientHello and ServerHello.</summary>
    public HandshakeKeys13(ushort suite, ReadOnlySpan<byte> sharedSecret, ReadOnlySpan<byte> transcript)
    {
        HashAlgorithmName hash = SuiteNumbers.IsSha384(suite) ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        byte[] zeros = new byte[SuiteNumbers.IsSha384(suite) ? SHA384.HashSizeInBytes : SHA256.HashSizeInBytes];
        byte[] early = HKDF.Extract(hash, zeros, zeros);
        byte[] handshake = HKDF.Extract(hash, sharedSecret.ToArray(), Expand(hash, early, "derived", CryptographicOperations.HashData(hash, []), zeros.Length));
        byte[] server = Expand(hash, handshake, "s hs traffic", CryptographicOperations.HashData(hash, transcript), zeros.Length);
        byte[] key = Expand(hash, server, "key", [], suite is 0x1302 or 0x1303 ? 32 : 16);
        _iv = Expand(hash, server, "iv", [], NonceBytes);
        _tagBytes = suite == 0x1305 ? 8 : 16;
        switch (suite)
        {
            case 0x1301 or 0x1302:
                _gcm = new AesGcm(key, _tagBytes);
                break;
            case 0x1303:
                _chaCha = new ChaCha20Poly1305(key);
                break;
            default:
                _ccm = new AesCcm(key);
                break;
        }
    }

    /// <summary>The plaintext of the next record, its type and padding at its end; null where the tag is wrong.</summary>
    public byte[]? Open(ReadOnlySpan<byte> header, ReadOnlySpan<byte> content)
    {
        if (content.Length <= _tagBytes)
        {
            return null;
        }

        Span<byte> nonce = stackalloc byte[NonceBytes];
        _iv.CopyTo(nonce);
        for (int i = 0; i < sizeof(ulong); i++)
        {
            nonce[NonceBytes - 1 - i] ^= (byte)(_sequence >> (8 * i));
        }

        _sequence++;
        byte[] plaintext = new byte[content.Length - _tagBytes];
        ReadOnlySpan<byte> ciphertext = content[..^_tagBytes];
        ReadOnlySpan<byte> tag = content[^_tagBytes..];
        try
        {
            _gcm?.Decrypt(nonce, ciphertext, tag, plaintext, header);
            _ccm?.Decrypt(nonce, ciphertext, tag, plaintext, header);
            _chaCha?.Decrypt(nonce, ciphertext, tag, plaintext, header);
            return plaintext;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _gcm?.Dispose();
        _ccm?.Dispose();
        _chaCha?.Dispose();
    }

    /// <summary>HKDF-Expand-Label.</summary>
    private static byte[] Expand(HashAlgorithmName hash, byte[] secret, string label, byte[] context, int bytes)
    {
        var info = new WireWriter();
        info.UInt16(bytes);
        info.Vector(1, text => text.Bytes(Encoding.ASCII.GetBytes("tls13 " + label)));
        info.Vector(1, value => value.Bytes(context));
        return HKDF.Expand(hash, secret, bytes, info.ToArray());
    }
}
