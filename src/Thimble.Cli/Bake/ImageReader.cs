using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Cli.Bake;

/// <summary>Says what an image holds, or what keeps it from being one. The engine's own reader decides.</summary>
internal static class ImageReader
{
    private const string CopyAgain = "Copy the image again, or bake it anew.";

    /// <summary>What an image holds.</summary>
    /// <exception cref="BakeException">It is none.</exception>
    public static ImageReport Read(string name, ReadOnlySpan<byte> bytes)
    {
        RefuseShape(name, bytes);

        // The engine wants a multiple of eight: pinned arrays begin at one.
        byte[] image = GC.AllocateUninitializedArray<byte>(bytes.Length, pinned: true);
        byte[] scratch = GC.AllocateUninitializedArray<byte>(RomImage.OpenScratchBytes, pinned: true);
        try
        {
            bytes.CopyTo(image);
            Fault fault = default;
            return RomImage.TryOpen(image, scratch, out RomImage rom, ref fault) ? Report(name, rom, image.Length)
                : throw Refuse(name, "the image is damaged: its digest is not that of its bytes, or a part of it reaches outside. " + CopyAgain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(image);
        }
    }

    private static void RefuseShape(string name, ReadOnlySpan<byte> image)
    {
        if (image.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(image) != RomImage.Magic)
        {
            throw Refuse(name, "this is no ROM image: it does not begin with 'TROM'. Images are what 'thimble bake' writes with --format bin.");
        }

        if (image.Length < RomImage.HeaderBytes)
        {
            throw Refuse(name, $"the image is cut short: it has {image.Length} bytes, and the header alone takes {RomImage.HeaderBytes}. {CopyAgain}");
        }

        if (image[4] != RomImage.Version)
        {
            throw Refuse(name, $"the image is of version {image[4]}, and this tool reads version {RomImage.Version}. Use the tool that made it, or bake it anew.");
        }

        uint total = BinaryPrimitives.ReadUInt32LittleEndian(image[8..]);
        if (total != (uint)image.Length)
        {
            throw Refuse(name, $"the image says that it has {total:N0} bytes, and the file has {image.Length:N0}. {CopyAgain}");
        }
    }

    private static ImageReport Report(string name, RomImage rom, int bytes)
    {
        var anchors = new List<AnchorReport>();
        RomImage.Anchors walk = rom.GetAnchors();
        while (walk.MoveNext())
        {
            anchors.Add(Report(walk.Current));
        }

        var pins = new List<string>();
        for (int at = 0; at < rom.Pins.Length; at += RomImage.PinBytes)
        {
            pins.Add("sha256/" + Convert.ToBase64String(rom.Pins.Slice(at, RomImage.PinBytes)));
        }

        return new ImageReport(RomImage.Version, bytes, Time(rom.BakedAtUnixSeconds, name), anchors, pins, Chain(name, rom.ClientChain), rom.ClientChain.Length, Key(rom.ClientKey));
    }

    private static AnchorReport Report(TrustAnchor anchor) => new(
        PrintableText.Of(Encoding.UTF8.GetString(anchor.DisplayName)),
        Describe(anchor.Key.Kind, anchor.Key.Bits),
        (anchor.Flags & TrustAnchor.IsEndEntity) == 0,
        (anchor.Flags & TrustAnchor.HasPathLength) == 0 ? null : anchor.PathLength,
        anchor.NameConstraints.Length,
        (anchor.Flags & TrustAnchor.IsPinned) != 0,
        AnchorBytes(anchor));

    private static int AnchorBytes(TrustAnchor anchor) =>
        RomImageBuilder.Padded(TrustAnchor.HeaderBytes + anchor.Key.Bytes + anchor.DisplayName.Length) + TailBytes(anchor.NameConstraints.Length) + TailBytes(anchor.TbsDigest.Length);

    private static int TailBytes(int length) => length == 0 ? 0 : RomImageBuilder.Padded(4 + length);

    private static ClientKeyReport? Key(ReadOnlySpan<byte> section)
    {
        var key = new PrivateKey(section);
        return key.Kind == KeyKind.None ? null : new ClientKeyReport(Describe(key.Kind, key.Bits), key.IsElsewhere, section.Length);
    }

    private static List<LinkReport> Chain(string name, ReadOnlySpan<byte> body)
    {
        var chain = new List<LinkReport>();
        if (body.IsEmpty)
        {
            return chain;
        }

        ReadOnlySpan<byte> rest = Vector(name, ref body);
        if (!body.IsEmpty)
        {
            throw Refuse(name, "the client's chain is followed by other bytes. " + CopyAgain);
        }

        while (!rest.IsEmpty)
        {
            chain.Add(Link(name, Vector(name, ref rest)));
        }

        return chain;
    }

    private static LinkReport Link(string name, ReadOnlySpan<byte> der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            return new LinkReport(
                CertificateName.Short(certificate), CertificateName.ShortIssuer(certificate), KeyDescription.Describe(certificate), der.Length, Day(certificate.NotBefore), Day(certificate.NotAfter));
        }
        catch (CryptographicException e)
        {
            throw new BakeException(BakeRule.Unusable, $"{name}: the client's chain holds what is no X.509 certificate. {CopyAgain}", e);
        }
    }

    /// <summary>What stands behind a length of 24 bits.</summary>
    private static ReadOnlySpan<byte> Vector(string name, ref ReadOnlySpan<byte> source)
    {
        int length = source.Length < 3 ? -1 : (source[0] << 16) | (source[1] << 8) | source[2];
        if (length < 0 || length > source.Length - 3)
        {
            throw Refuse(name, "the client's chain is cut short. " + CopyAgain);
        }

        ReadOnlySpan<byte> content = source.Slice(3, length);
        source = source[(3 + length)..];
        return content;
    }

    private static string Describe(KeyKind kind, int bits) => kind switch
    {
        KeyKind.Rsa => $"RSA {bits}",
        KeyKind.P256 => "EC P-256",
        KeyKind.P384 => "EC P-384",
        KeyKind.P521 => "EC P-521",
        KeyKind.Ed25519 => "Ed25519",
        _ => "unknown",
    };

    private static string Time(long seconds, string name) =>
        seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            : throw Refuse(name, "the image says that it was made at a time that no calendar has. " + CopyAgain);

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static BakeException Refuse(string name, string what) => new(BakeRule.Unusable, $"{name}: {what}");
}
