using System.Text;
using Thimble.Crypto;
using Thimble.Tls;

namespace Thimble.Tests.Tls;

/// <summary>Keys that are shared beforehand, in the form that the engine takes.</summary>
internal static class SharedKeys
{
    /// <summary>Identity and key together; nothing where there is neither.</summary>
    public static byte[] Bytes(string identity, byte[] key, HashAlgorithm hash)
    {
        if (identity.Length == 0 && key.Length == 0)
        {
            return [];
        }

        byte[] bytes = new byte[SharedKey.HeaderBytes + identity.Length + key.Length];
        SharedKey.TryWrite(Encoding.ASCII.GetBytes(identity), key, hash, bytes, out _);
        return bytes;
    }
}
