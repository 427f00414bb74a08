using System.Security.Cryptography;
using System.Text;

namespace Thimble.Cli.Clouds;

/// <summary>The key of an enrollment group of DPS: the key of each of its devices is derived from it ("Symmetric key attestation", group enrollments).</summary>
internal static class GroupKey
{
    /// <summary>The device's key: HMAC-SHA-256 over the registration ID, by the group's key, which is wiped.</summary>
    /// <remarks>The same letters in another case give another key.</remarks>
    public static byte[] Derive(byte[] groupKey, string registrationId)
    {
        try
        {
            return HMACSHA256.HashData(groupKey, Encoding.UTF8.GetBytes(registrationId));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(groupKey);
        }
    }
}
