using System;
using System.Buffers;
using System.Buffers.Text;
using System.IO;
using System.Security.Cryptography;
using System.Text;

namespace Thimble.Cli.Clouds;

/// <summary>A shared access key in base64: the first line of a file, or an environment variable. No copy of it stays behind, but for the variable itself.</summary>
internal static class SharedAccessKey
{
    private const int MostBytes = 4096;

    /// <param name="path">The file.</param>
    /// <param name="flag">What named it, for complaints.</param>
    /// <exception cref="UsageException">There is none in the file; the message never shows what is there.</exception>
    public static byte[] OfFile(string path, string flag)
    {
        byte[] text = new byte[MostBytes];
        try
        {
            // The stream gets no buffer of its own, which would keep the key. It may be a pipe, whose length nobody knows.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            int length = file.ReadAtLeast(text, MostBytes, throwOnEndOfStream: false);
            return Decode(text.AsSpan(0, length), $"The file '{path}' ({flag})");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Who gives the key itself is not to find it in a log: the name is not repeated.
            throw new UsageException($"{flag} takes the name of a file, and there is none of the name that was given.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"The shared access key cannot be read: {e.Message}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    /// <exception cref="UsageException">It is no key.</exception>
    public static byte[] OfVariable(string variable)
    {
        byte[] text = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(variable) ?? "");
        try
        {
            return Decode(text, $"The environment variable {variable}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static byte[] Decode(ReadOnlySpan<byte> text, string where)
    {
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? text : text[..end]).Trim(" \t"u8);
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(line.Length)];
        try
        {
            return Base64.DecodeFromUtf8(line, decoded, out _, out int length) == OperationStatus.Done && length > 0
                ? decoded[..length]
                : throw new UsageException($"{where} does not begin with a shared access key: that is base64 of one line, as the portal shows it.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }
}
