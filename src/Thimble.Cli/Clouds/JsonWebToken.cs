using System;
using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Thimble.Cli.Clouds;

/// <summary>
/// JSON Web Tokens (RFC 7519) with the claims <c>iat</c>, <c>exp</c> and <c>aud</c>, signed by a device's own key: ES256 (ECDSA on P-256, r and s of 32 bytes each) or RS256
/// (RSASSA-PKCS1-v1_5), both with SHA-256 (RFC 7518 §3.3, §3.4).
/// </summary>
internal sealed class JsonWebToken : ITokenMaker
{
    private const int Es256Bits = 256;

    private readonly AsymmetricAlgorithm _key;
    private readonly string _audience;

    /// <param name="key">The key. It is disposed of with this.</param>
    /// <param name="audience">For whom the tokens are.</param>
    /// <exception cref="UsageException">The key can sign neither ES256 nor RS256.</exception>
    public JsonWebToken(AsymmetricAlgorithm key, string audience)
    {
        if (key is not (RSA or ECDsa { KeySize: Es256Bits }))
        {
            string what = key is ECDsa ? $"an EC key of {key.KeySize} bits" : "neither an RSA nor an EC key";
            key.Dispose();
            throw new UsageException($"Tokens are signed by RS256 or ES256, which take an RSA key or an EC key on P-256, and --jwt-key holds {what}.");
        }

        (_key, _audience) = (key, audience);
    }

    public byte[] Make(DateTimeOffset now, TimeSpan lifetime)
    {
        ReadOnlySpan<byte> header = _key is RSA ? """{"alg":"RS256","typ":"JWT"}"""u8 : """{"alg":"ES256","typ":"JWT"}"""u8;
        byte[] signed = [.. Base64Url.EncodeToUtf8(header), (byte)'.', .. Base64Url.EncodeToUtf8(Claims(now.ToUnixTimeSeconds(), (now + lifetime).ToUnixTimeSeconds()))];
        byte[] signature = _key is RSA rsa
            ? rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ((ECDsa)_key).SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        byte[] encoded = Base64Url.EncodeToUtf8(signature);
        byte[] token = [.. signed, (byte)'.', .. encoded];
        CryptographicOperations.ZeroMemory(signature);
        CryptographicOperations.ZeroMemory(encoded);
        return token;
    }

    public void Dispose() => _key.Dispose();

    private ReadOnlySpan<byte> Claims(long issued, long expires)
    {
        var claims = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(claims);
        writer.WriteStartObject();
        writer.WriteNumber("iat", issued);
        writer.WriteNumber("exp", expires);
        writer.WriteString("aud", _audience);
        writer.WriteEndObject();
        writer.Flush();
        return claims.WrittenSpan;
    }
}
