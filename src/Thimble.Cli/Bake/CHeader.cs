using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Thimble.Cli.Bake;

/// <summary>Writes C headers of constant arrays, which compilers for devices put into flash.</summary>
internal static class CHeader
{
    private const int BytesPerLine = 16;

    private sealed record Constant(string Name, string Meaning, byte[] Content);

    /// <summary>The image, aligned as the engine wants it.</summary>
    public static string OfImage(ReadOnlySpan<byte> image, bool isSecret, string name)
    {
        StringBuilder text = Begin(name, isSecret);
        text.Append(CultureInfo.InvariantCulture, $"""
            #if defined(__cplusplus)
            #define {name}_ALIGNED alignas(8)
            #elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
            #define {name}_ALIGNED _Alignas(8)
            #else
            #define {name}_ALIGNED __attribute__((aligned(8)))
            #endif


            """);
        Append(text, $"{name}_ALIGNED ", name, "A ROM image for Thimble.", image);
        return End(text);
    }

    /// <summary>Certificates and key each as they are in DER, without anything of Thimble's.</summary>
    public static string OfDer(BakedImage baked, string name)
    {
        StringBuilder text = Begin(name, baked.IsSecret);
        foreach (Constant constant in Constants(baked, name))
        {
            Append(text, "", constant.Name, constant.Meaning, constant.Content);
            CryptographicOperations.ZeroMemory(constant.Content);
        }

        return End(text);
    }

    private static IEnumerable<Constant> Constants(BakedImage baked, string name)
    {
        foreach ((X509Certificate2 anchor, int i) in baked.Anchors.Select(static (anchor, i) => (anchor, i)))
        {
            yield return new Constant($"{name}_anchor_{i}", $"Trust anchor: {CertificateName.Short(anchor)}.", anchor.RawData);
        }

        foreach ((X509Certificate2 certificate, int i) in (baked.Client?.Chain ?? []).Select(static (certificate, i) => (certificate, i)))
        {
            yield return new Constant($"{name}_certificate_{i}", $"{(i == 0 ? "The client's own certificate" : "One above it")}: {CertificateName.Short(certificate)}.", certificate.RawData);
        }

        if (baked.Client?.Key is { } key)
        {
            yield return new Constant($"{name}_key", $"The private key, {KeyDescription.Describe(key)}, in PKCS#8.", key.ExportPkcs8PrivateKey());
        }
    }

    private static StringBuilder Begin(string name, bool isSecret)
    {
        string guard = name.ToUpperInvariant() + "_H";
        return new StringBuilder().Append(CultureInfo.InvariantCulture, $"/* Made by thimble bake.{(isSecret ? " It holds a private key: keep it secret." : "")} */\n#ifndef {guard}\n#define {guard}\n\n");
    }

    private static string End(StringBuilder text) => text.Append("#endif\n").Replace("\r\n", "\n").ToString();

    private static void Append(StringBuilder text, string before, string name, string meaning, ReadOnlySpan<byte> content)
    {
        string comment = meaning.Replace("*/", "* /", StringComparison.Ordinal);
        text.Append(CultureInfo.InvariantCulture, $"/* {comment} {content.Length} bytes. */\nstatic {before}const unsigned char {name}[{content.Length}] =\n{{");
        for (int at = 0; at < content.Length; at++)
        {
            text.Append(at % BytesPerLine == 0 ? "\n    " : " ").Append(CultureInfo.InvariantCulture, $"0x{content[at]:X2},");
        }

        text.Append("\n};\n\n");
    }
}
