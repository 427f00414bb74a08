using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble;

/// <summary>
/// A key by its hash: the SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469 §2.4). A certificate that is renewed with the same
/// key keeps its pin.
/// </summary>
public sealed record KeyPin
{
    private const string Prefix = "sha256/";
    private const string CurlPrefix = "sha256//";

    private KeyPin(ReadOnlySpan<byte> hash) => Text = Prefix + Convert.ToBase64String(hash);

    /// <summary><c>sha256/</c> and 44 characters of base64.</summary>
    public string Text { get; }

    /// <summary>The pin of a certificate's key.</summary>
    public static KeyPin Of(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new KeyPin(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>
    /// Reads <c>sha256/BASE64=</c>, <c>sha256//BASE64=</c> as curl writes it, <c>pin-sha256="BASE64="</c> as RFC 7469 §2.1 writes it, or the same 32 bytes as hexadecimal digits, with or without
    /// colons.
    /// </summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static KeyPin Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ReadOnlySpan<char> value = text.AsSpan().Trim();
        value = value.Length > 12 && value.StartsWith("pin-sha256=\"", StringComparison.OrdinalIgnoreCase) && value[^1] == '"' ? value[12..^1]
            : value.Length == CurlPrefix.Length + 44 && value.StartsWith(CurlPrefix, StringComparison.OrdinalIgnoreCase) ? value[CurlPrefix.Length..]
            : value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? value[Prefix.Length..] : value;
        bool read = value.Length == 44 ? Convert.TryFromBase64Chars(value, hash, out int bytes) && bytes == hash.Length : TryHex(value, hash);
        return read ? new KeyPin(hash) : throw new FormatException(
            $"'{PrintableText.Of(text)}' is no pin of a key: expected sha256/ and 44 characters of base64, or 64 hexadecimal digits, of the SHA-256 of a SubjectPublicKeyInfo.");
    }

    /// <summary>The pin that a ROM image holds.</summary>
    internal static KeyPin OfHash(byte[] hash) => new(hash);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>The 32 bytes.</summary>
    internal byte[] Hash() => Convert.FromBase64String(Text[Prefix.Length..]);

    private static bool TryHex(ReadOnlySpan<char> value, Span<byte> hash)
    {
        string digits = value.ToString();
        if (digits.Length == (3 * hash.Length) - 1)
        {
            for (int at = 2; at < digits.Length; at += 3)
            {
                if (digits[at] != ':')
                {
                    return false;
                }
            }

            digits = digits.Replace(":", "", StringComparison.Ordinal);
        }

        return digits.Length == 2 * hash.Length && Convert.FromHexString(digits, hash, out _, out int written) == System.Buffers.OperationStatus.Done && written == hash.Length;
    }
}
