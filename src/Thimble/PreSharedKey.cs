using System;
using System.Security.Cryptography;
using System.Text;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble;

/// <summary>
/// A key that was shared with the server beforehand, and its name on the wire (RFC 8446 §4.2.11, RFC 4279). It lies outside the
/// garbage-collected heap, and is wiped when it is disposed of. The profile's PskModes say how it may be used.
/// </summary>
public sealed class PreSharedKey : IDisposable
{
    private readonly PlanBuffer _key;
    private readonly byte[] _identity;

    /// <summary>Takes a copy of the key, of 16 to 64 bytes, and its identity, in UTF-8.</summary>
    /// <exception cref="ArgumentException">The key is too short or too long, or the identity is empty.</exception>
    public PreSharedKey(string identity, ReadOnlySpan<byte> key, HashAlgorithm hash = HashAlgorithm.Sha256)
    {
        ArgumentException.ThrowIfNullOrEmpty(identity);
        if (key.Length is < 16 or > 64)
        {
            throw new ArgumentException($"A shared key has 16 to 64 bytes, and this one {key.Length}.", nameof(key));
        }

        _identity = Encoding.UTF8.GetBytes(identity);
        Hash = hash;
        _key = new PlanBuffer(key.Length);
        key.CopyTo(_key.Span);
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
    public ReadOnlySpan<byte> Identity => _identity;

    /// <summary>The hash that the key belongs to in TLS 1.3.</summary>
    public HashAlgorithm Hash { get; }

    internal ReadOnlySpan<byte> Key => _key.Span;

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _key.Dispose();
}
