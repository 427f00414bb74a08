using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble;

/// <summary>A ROM image that was baked beforehand, copied to memory outside the garbage-collected heap, and what it says.</summary>
internal sealed class BakedCredentials : IDisposable
{
    private readonly PlanBuffer _image;
    private readonly Lazy<IReadOnlyList<X509Certificate2>> _chain;

    private BakedCredentials(PlanBuffer image, RomImage rom)
    {
        _image = image;
        var key = new PrivateKey(rom.ClientKey);
        Kind = key.Kind;
        KeyBits = key.Kind == KeyKind.None ? 0 : key.Bits;
        IsElsewhere = key.IsElsewhere;
        BakedAt = DateTimeOffset.FromUnixTimeSeconds(rom.BakedAtUnixSeconds);
        AnchorNames = Names(rom);
        Pins = [.. rom.Pins.ToArray().Chunk(RomImage.PinBytes).Select(KeyPin.OfHash)];
        HasChain = !rom.ClientChain.IsEmpty;
        if (!IsChain(rom.ClientChain))
        {
            throw Refuse("its client chain is not what a Certificate message holds.");
        }

        _chain = new Lazy<IReadOnlyList<X509Certificate2>>(() => Certificates(RomImage.FromChecked(_image.Span).ClientChain));
    }

    /// <summary>The client's key, <see cref="KeyKind.None"/> where it has none.</summary>
    public KeyKind Kind { get; }

    public int KeyBits { get; }

    public bool IsElsewhere { get; }

    /// <summary>No honest clock is earlier.</summary>
    public DateTimeOffset BakedAt { get; }

    public IReadOnlyList<string> AnchorNames { get; }

    public IReadOnlyList<KeyPin> Pins { get; }

    /// <summary>Whether the client has a certificate.</summary>
    public bool HasChain { get; }

    /// <summary>The client's certificates, in the order in which they are sent; read when they are first asked for, because connections do not need them.</summary>
    /// <exception cref="CredentialException">What was baked is no certificate.</exception>
    public IReadOnlyList<X509Certificate2> Chain => _chain.Value;

    /// <summary>Takes a copy of an image, and checks it whole.</summary>
    /// <exception cref="CredentialException">The bytes are no image; the message says why.</exception>
    public static BakedCredentials Read(ReadOnlySpan<byte> image)
    {
        if (image.Length < RomImage.HeaderBytes)
        {
            throw Refuse($"these {image.Length} bytes are no ROM image, which has {RomImage.HeaderBytes} or more.");
        }

        var copy = new PlanBuffer(image.Length);
        try
        {
            image.CopyTo(copy.Span);
            Span<byte> scratch = new byte[RomImage.OpenScratchBytes];
            Fault fault = default;
            return RomImage.TryOpen(copy.Span, scratch, out RomImage rom, ref fault) ? new BakedCredentials(copy, rom)
                : throw Refuse("these bytes are no ROM image, or a damaged one, or one of another version: header, bounds or digest are wrong.");
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>A copy of the image, which holds the private key.</summary>
    public byte[] Copy()
    {
        byte[] copy = GC.AllocateUninitializedArray<byte>(_image.Bytes, pinned: true);
        _image.Span.CopyTo(copy);
        return copy;
    }

    public void Dispose()
    {
        _image.Dispose();
        foreach (X509Certificate2 certificate in _chain.IsValueCreated ? Chain : [])
        {
            certificate.Dispose();
        }
    }

    private static List<string> Names(RomImage rom)
    {
        var names = new List<string>();
        RomImage.Anchors anchors = rom.GetAnchors();
        while (anchors.MoveNext())
        {
            names.Add(Encoding.UTF8.GetString(anchors.Current.DisplayName));
        }

        return names;
    }

    /// <summary>Whether the lengths of a Certificate message's body add up (RFC 5246 §7.4.2).</summary>
    private static bool IsChain(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return true;
        }

        if (body.Length < 3 || Length(body) != body.Length - 3)
        {
            return false;
        }

        body = body[3..];
        while (body.Length >= 3 && Length(body) <= body.Length - 3)
        {
            body = body[(3 + Length(body))..];
        }

        return body.IsEmpty;
    }

    private static List<X509Certificate2> Certificates(ReadOnlySpan<byte> body)
    {
        var chain = new List<X509Certificate2>();
        try
        {
            for (body = body.IsEmpty ? body : body[3..]; !body.IsEmpty; body = body[(3 + Length(body))..])
            {
                chain.Add(X509CertificateLoader.LoadCertificate(body.Slice(3, Length(body))));
            }

            return chain;
        }
        catch (CryptographicException e)
        {
            chain.ForEach(certificate => certificate.Dispose());
            throw Refuse($"what stands at place {chain.Count} of its client chain is no certificate.", e);
        }
    }

    private static int Length(ReadOnlySpan<byte> field) => (field[0] << 16) | (field[1] << 8) | field[2];

    private static CredentialException Refuse(string found, Exception? cause = null) =>
        new(CredentialProblem.ImageUnusable, "ROM image", found, "Bake it again: thimble bake --help. 'thimble bake inspect' tells what a file holds.", cause);
}
