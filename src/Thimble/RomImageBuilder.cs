using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.X509;

namespace Thimble;

/// <summary>
/// Lays out trust anchors, pins, a client's certificate chain and its private key as the ROM image that the core reads
/// (<see cref="RomImage"/> has the layout). What cannot serve is refused here, in words, rather than on the device.
/// </summary>
public sealed class RomImageBuilder : IDisposable
{
    private readonly List<RomAnchor> _anchors = [];
    private readonly List<KeyPin> _pins = [];
    private byte[] _chain = [];
    private byte[] _key = [];

    /// <summary>
    /// Adds a trust anchor: a CA, which may issue servers' certificates, or one server's own certificate, which is then
    /// trusted byte for byte and for nothing else. The second of two equal anchors is left out.
    /// </summary>
    /// <exception cref="ArgumentException">The certificate cannot be an anchor; the message says why.</exception>
    public void AddTrustAnchor(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var anchor = RomAnchor.From(certificate);
        if (_anchors.Count == ushort.MaxValue)
        {
            throw new ArgumentException($"A ROM image holds at most {ushort.MaxValue} trust anchors.", nameof(certificate));
        }

        if (!_anchors.Exists(other => other.Entry.AsSpan().SequenceEqual(anchor.Entry)))
        {
            _anchors.Add(anchor);
        }
    }

    /// <summary>Adds a trust anchor from its DER encoding.</summary>
    /// <exception cref="ArgumentException">The certificate cannot be an anchor; the message says why.</exception>
    public void AddTrustAnchor(ReadOnlySpan<byte> der)
    {
        using X509Certificate2 certificate = RomAnchor.Load(der);
        AddTrustAnchor(certificate);
    }

    /// <summary>
    /// Adds a pin. With trust anchors pins narrow: some key on the way to an anchor, or its own, must be pinned. Without anchors the
    /// certificate whose key is pinned is trusted. The second of two equal pins is left out.
    /// </summary>
    /// <exception cref="ArgumentException">The image holds as many as it can, 255.</exception>
    public void AddPin(KeyPin pin)
    {
        ArgumentNullException.ThrowIfNull(pin);
        if (_pins.Contains(pin))
        {
            return;
        }

        if (_pins.Count == RomImage.MaxPins)
        {
            throw new ArgumentException($"A ROM image holds at most {RomImage.MaxPins} pins.", nameof(pin));
        }

        _pins.Add(pin);
    }

    /// <summary>
    /// Sets what the client proves itself with: its chain in DER, its own certificate first, and the private key, which
    /// is copied here until <see cref="Dispose"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The key is of a kind or size that is not supported, or not the certificate's; the message says which.</exception>
    public void SetClientCertificate(IReadOnlyList<byte[]> chain, AsymmetricAlgorithm key)
    {
        ArgumentNullException.ThrowIfNull(key);
        SetClient(chain, leaf => RomKey.EncodePrivate(key, leaf));
    }

    /// <summary>
    /// The same where the private key is kept elsewhere and signs there: the image tells the public one only
    /// (<see cref="Memory.Profile.ClientKeyElsewhere"/>).
    /// </summary>
    /// <exception cref="ArgumentException">The certificate's key is of a kind or size that is not supported; the message says which.</exception>
    public void SetClientCertificate(IReadOnlyList<byte[]> chain) => SetClient(chain, RomKey.EncodeElsewhere);

    /// <summary>Whether the image may have no trust anchor: for a client that knows its server by a shared key alone.</summary>
    public bool WithoutAnchors { get; init; }

    /// <summary>Makes the image. It holds the private key, unless that one is elsewhere: treat it as a secret.</summary>
    /// <exception cref="InvalidOperationException">There is no trust anchor and no pin, or one was not valid at <paramref name="bakedAt"/>.</exception>
    public byte[] Build(DateTimeOffset bakedAt)
    {
        if (_anchors.Count == 0 && _pins.Count == 0 && !WithoutAnchors)
        {
            throw new InvalidOperationException("A ROM image needs at least one trust anchor or pin, or to be built without: then only a shared key vouches for the server.");
        }

        foreach (RomAnchor anchor in _anchors)
        {
            anchor.CheckValidity(bakedAt);
        }

        int anchorsOffset = RomImage.HeaderBytes + (_pins.Count * RomImage.PinBytes);
        int anchorsEnd = anchorsOffset;
        _anchors.ForEach(anchor => anchorsEnd += anchor.Entry.Length);
        int chainOffset = anchorsEnd;
        int keyOffset = chainOffset + Padded(_chain.Length);
        byte[] image = GC.AllocateArray<byte>(keyOffset + Padded(_key.Length), pinned: true);

        WriteHeader(image, bakedAt, anchorsOffset, chainOffset, keyOffset);
        int at = RomImage.HeaderBytes;
        foreach (KeyPin pin in _pins)
        {
            pin.Hash().CopyTo(image, at);
            at += RomImage.PinBytes;
        }

        foreach (RomAnchor anchor in _anchors)
        {
            anchor.Entry.CopyTo(image, at);
            image[at + TrustAnchor.FlagsOffset] |= anchor.IsAmong(_pins) ? TrustAnchor.IsPinned : (byte)0;
            at += anchor.Entry.Length;
        }

        _chain.CopyTo(image, chainOffset);
        _key.CopyTo(image, keyOffset);
        SHA256.HashData(image).CopyTo(image, RomImage.DigestOffset);
        return image;
    }

    /// <summary>Wipes the copy of the private key; the images that were built are their owners' matter.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_key);
        _key = [];
    }

    private void SetClient(IReadOnlyList<byte[]> chain, Func<X509Certificate2, byte[]> encodeKey)
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (chain.Count == 0)
        {
            throw new ArgumentException("The client's certificate chain is empty.", nameof(chain));
        }

        using X509Certificate2 leaf = RomAnchor.Load(chain[0]);
        byte[] body = EncodeChain(chain);
        byte[] encoded = encodeKey(leaf);
        CryptographicOperations.ZeroMemory(_key);
        _key = encoded;
        _chain = body;
    }

    internal static int Padded(int bytes) => (bytes + 7) & ~7;

    private void WriteHeader(Span<byte> image, DateTimeOffset bakedAt, int anchorsOffset, int chainOffset, int keyOffset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(image, RomImage.Magic);
        image[4] = RomImage.Version;
        image[RomImage.PinCountOffset] = (byte)_pins.Count;
        BinaryPrimitives.WriteUInt16LittleEndian(image[6..], (ushort)_anchors.Count);
        BinaryPrimitives.WriteInt32LittleEndian(image[8..], image.Length);
        BinaryPrimitives.WriteInt32LittleEndian(image[12..], anchorsOffset);
        BinaryPrimitives.WriteInt32LittleEndian(image[16..], _chain.Length == 0 ? 0 : chainOffset);
        BinaryPrimitives.WriteInt32LittleEndian(image[20..], _chain.Length);
        BinaryPrimitives.WriteInt32LittleEndian(image[24..], _key.Length == 0 ? 0 : keyOffset);
        BinaryPrimitives.WriteInt32LittleEndian(image[28..], _key.Length);
        BinaryPrimitives.WriteInt64LittleEndian(image[32..], bakedAt.ToUnixTimeSeconds());
    }

    /// <summary>The body of a Certificate message: 24-bit lengths around and before each certificate (RFC 5246 §7.4.2).</summary>
    private static byte[] EncodeChain(IReadOnlyList<byte[]> chain)
    {
        long total = 0;
        foreach (byte[] der in chain)
        {
            total += 3 + der.Length;
        }

        if (total > 0xFF_FFFF)
        {
            throw new ArgumentException($"The client's certificate chain takes {total} bytes; TLS allows {0xFF_FFFF}.", nameof(chain));
        }

        byte[] body = new byte[3 + total];
        WriteLength(body, (int)total);
        int at = 3;
        foreach (byte[] der in chain)
        {
            WriteLength(body.AsSpan(at), der.Length);
            der.CopyTo(body, at + 3);
            at += 3 + der.Length;
        }

        return body;
    }

    private static void WriteLength(Span<byte> destination, int length)
    {
        destination[0] = (byte)(length >> 16);
        destination[1] = (byte)(length >> 8);
        destination[2] = (byte)length;
    }
}
