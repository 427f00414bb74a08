using System;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Thimble.Cli.Clouds;

/// <summary>
/// Shared access signatures as Azure has them ("Control access to IoT Hub using SAS tokens"): HMAC-SHA-256 over the resource, URL-encoded, a line feed and the time of
/// expiry in Unix seconds, by a key that is handed out in base64.
/// </summary>
/// <param name="resource">What the token gives access to, such as <c>contoso.azure-devices.net/devices/MyDevice01</c>.</param>
/// <param name="policy">The policy that the key belongs to, or null where it is a device's own.</param>
/// <param name="key">The key, decoded. It is wiped on disposal.</param>
internal sealed class SasToken(string resource, string? policy, byte[] key) : ITokenMaker
{
    public byte[] Make(DateTimeOffset now, TimeSpan lifetime) => Make((now + lifetime).ToUnixTimeSeconds());

    /// <summary>The token that expires at <paramref name="expiry"/>, in Unix seconds.</summary>
    public byte[] Make(long expiry)
    {
        string encoded = Uri.EscapeDataString(resource);
        byte[] signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{encoded}\n{expiry}"));
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> base64 = stackalloc byte[Base64.GetMaxEncodedToUtf8Length(signature.Length)];
        _ = HMACSHA256.HashData(key, signed, signature);
        _ = Base64.EncodeToUtf8(signature, base64, out _, out _);
        byte[] escaped = Escape(base64);
        byte[] token =
        [
            .. Encoding.UTF8.GetBytes($"SharedAccessSignature sr={encoded}&sig="), .. escaped,
            .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"&se={expiry}{(policy is null ? "" : "&skn=" + policy)}")),
        ];
        CryptographicOperations.ZeroMemory(signature);
        CryptographicOperations.ZeroMemory(base64);
        CryptographicOperations.ZeroMemory(escaped);
        return token;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(key);

    /// <summary>Percent-encodes what base64 has beyond letters and digits.</summary>
    private static byte[] Escape(ReadOnlySpan<byte> base64)
    {
        byte[] escaped = new byte[3 * base64.Length];
        int length = 0;
        foreach (byte character in base64)
        {
            ReadOnlySpan<byte> replaced = character switch
            {
                (byte)'+' => "%2B"u8,
                (byte)'/' => "%2F"u8,
                (byte)'=' => "%3D"u8,
                _ => [],
            };
            if (replaced.IsEmpty)
            {
                escaped[length++] = character;
            }
            else
            {
                replaced.CopyTo(escaped.AsSpan(length));
                length += replaced.Length;
            }
        }

        byte[] exact = escaped[..length];
        CryptographicOperations.ZeroMemory(escaped);
        return exact;
    }
}
