using System;
using System.IO;
using System.Security.Cryptography;

namespace Thimble;

/// <summary>
/// Reads files that a person names, pipes and devices too: they have no length, or say that it is 0, and some of them never end.
/// </summary>
internal static class BoundedFile
{
    private const int FirstBytes = 4096;

    /// <summary>All of a file, or null where it is longer than <paramref name="maxBytes"/>. No other copy is left of what was read.</summary>
    public static byte[]? Read(string path, int maxBytes)
    {
        // The stream gets no buffer of its own: it would keep the first bytes of a key.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long told = file.CanSeek ? file.Length : 0;
        return told > maxBytes ? null : Read(file, int.Max((int)told, FirstBytes) + 1, maxBytes);
    }

    private static byte[]? Read(FileStream file, int firstBytes, int maxBytes)
    {
        byte[] room = new byte[firstBytes];
        int length = 0;
        try
        {
            while (length <= maxBytes)
            {
                int count = file.Read(room.AsSpan(length));
                if (count == 0)
                {
                    return room[..length];
                }

                length += count;
                room = length < room.Length ? room : Grown(room);
            }

            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(room);
        }
    }

    private static byte[] Grown(byte[] room)
    {
        byte[] larger = new byte[2 * room.Length];
        room.CopyTo(larger, 0);
        CryptographicOperations.ZeroMemory(room);
        return larger;
    }
}
