using System;
using System.Security.Cryptography;
using System.Text;
using Thimble.Tls;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble;

/// <summary>
/// A key that was shared with the server beforehand, and its name on the wire (RFC 8446 §4.2.11, RFC 4279). It lies outside the
/// garbage-collected heap, and is wiped when it is disposed of. The profile's PskModes say how it may be used.
/// </summary>
public sealed class PreSharedKey : IDisposable
{
    private readonly PlanBuffer _bytes;

    /// <summary>Takes a copy of the key, of 16 to 64 bytes, and its identity, in UTF-8.</summary>
    /// <exception cref="ArgumentException">The key is too short or too long, or the identity is empty.</exception>
    public PreSharedKey(string identity, ReadOnlySpan<byte> key, HashAlgorithm hash = HashAlgorithm.Sha256)
    {
        ArgumentException.ThrowIfNullOrEmpty(identity);
        if (key.Length is < 16 or > 64)
        {
            throw new ArgumentException($"A shared key has 16 to 64 bytes, and this one {key.Length}.", nameof(key));
        }

        byte[] name = Encoding.UTF8.GetBytes(identity);
        if (name.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"An identity has at most 65,535 bytes, and this one {name.Length}.", nameof(identity));
        }

        _bytes = new PlanBuffer(SharedKey.HeaderBytes + name.Length + key.Length);
        SharedKey.TryWrite(name, key, hash, _bytes.Span, out _);
    }

    /// <summary>Reads the key from hexadecimal digits.</summary>
    /// <exception cref="FormatException">These are no pairs of hexadecimal digits.</exception>
    /// <exception cref="ArgumentException">The key is too short or too long, or the identity is empty.</exception>
    public static PreSharedKey FromHex(string identity, string hex, HashAlgorithm hash = HashAlgorithm.Sha256)
    {
        byte[] key = Convert.FromHexString(hex);
        try
        {
            return new PreSharedKey(identity, key, hash);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>The identity as it goes over the wire, in the clear.</summary>
    public ReadOnlySpan<byte> Identity => new SharedKey(Bytes).Identity;

    /// <summary>The hash that the key belongs to in TLS 1.3.</summary>
    public HashAlgorithm Hash => new SharedKey(Bytes).Hash;

    /// <summary>What <see cref="TlsConfig.PreSharedKey"/> takes.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _bytes.Dispose();
}
