using System;
using System.Collections.Generic;
using System.IO;
using System.Security;
using System.Security.Cryptography;
using System.Text;

namespace Thimble;

/// <summary>One file of certificates or keys: its bytes, and the PEM blocks in it where it is text.</summary>
internal sealed class CredentialFile : IDisposable
{
    /// <summary>A bundle of every public certificate authority is about 250 kB.</summary>
    private const int MaxBytes = 4 << 20;

    private const string BeginMark = "-----BEGIN ";

    private readonly byte[] _bytes;

    private CredentialFile(string name, byte[] bytes)
    {
        Name = name;
        _bytes = bytes;
    }

    /// <summary>The path as the user wrote it.</summary>
    public string Name { get; }

    /// <summary>True where the file is PEM; otherwise its bytes should be DER.</summary>
    public bool IsPem { get; private set; }

    /// <summary>The PEM blocks in the file's order.</summary>
    public List<PemBlock> Blocks { get; } = [];

    /// <summary>The file as it is.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a file, telling apart all the ways in which that can fail.</summary>
    public static CredentialFile Read(string path)
    {
        try
        {
            byte[] bytes = BoundedFile.Read(path, MaxBytes)
                ?? throw new CredentialException(CredentialProblem.TooLarge, path, $"the file has more than {MaxBytes:N0} bytes, which is the most that is read.", "Is this the right file?");
            return FromBytes(path, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException)
        {
            throw new CredentialException(CredentialProblem.Unreadable, path, "the file cannot be read: " + Reason(path, e), "Check the path and its permissions.", e);
        }
    }

    /// <summary>Takes bytes that are already at hand; they are wiped on disposal, or at once where they are malformed.</summary>
    public static CredentialFile FromBytes(string name, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            throw new CredentialException(CredentialProblem.Empty, name, "the file is empty.", "Write it anew; it should hold PEM or DER.");
        }

        var file = new CredentialFile(name, bytes);
        try
        {
            file.ReadBlocks();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Wipes every copy of what was read.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        foreach (PemBlock block in Blocks)
        {
            CryptographicOperations.ZeroMemory(block.Content);
        }
    }

    private static string Reason(string path, Exception e) => e switch
    {
        FileNotFoundException => "it does not exist.",
        DirectoryNotFoundException => "its folder does not exist.",
        UnauthorizedAccessException when Directory.Exists(path) => "it is a folder.",
        UnauthorizedAccessException => "access is denied.",
        _ => e.Message,
    };

    private void ReadBlocks()
    {
        char[] text = Decode();
        try
        {
            int at = text.AsSpan().IndexOf(BeginMark);
            IsPem = at >= 0;
            int counted = 0, line = 1;
            while (at >= 0)
            {
                line += text.AsSpan(counted..at).Count('\n');
                counted = at;
                int length = ReadBlock(text.AsSpan(at), line);
                int next = text.AsSpan(at + length).IndexOf(BeginMark);
                at = next < 0 ? -1 : at + length + next;
            }
        }
        finally
        {
            Array.Clear(text);
        }
    }

    private char[] Decode()
    {
        Encoding encoding = _bytes is [0xFF, 0xFE, ..] ? Encoding.Unicode
            : _bytes is [0xFE, 0xFF, ..] ? Encoding.BigEndianUnicode
            : Encoding.Latin1;
        return encoding.GetChars(_bytes);
    }

    /// <summary>Reads the block that begins at the start of <paramref name="text"/> and returns the number of characters it takes.</summary>
    private int ReadBlock(ReadOnlySpan<char> text, int line)
    {
        ReadOnlySpan<char> afterBegin = text[BeginMark.Length..];
        int labelLength = afterBegin.IndexOf("-----");
        string label = labelLength is >= 0 and < 64 ? afterBegin[..labelLength].ToString() : "";
        int end = label.Length == 0 ? -1 : text.IndexOf($"-----END {label}-----");
        if (end < 0)
        {
            throw new CredentialException(CredentialProblem.PemMalformed, Name, $"the PEM block that begins in line {line} has no matching END line.", "The file was probably cut short: copy it again.");
        }

        int length = end + $"-----END {label}-----".Length;
        if (text[BeginMark.Length..length].Contains(BeginMark, StringComparison.Ordinal))
        {
            // Blocks do not nest; and whoever looks for the end of each of many beginnings takes a time that grows with their square.
            throw new CredentialException(CredentialProblem.PemMalformed, Name, $"the PEM block '{PrintableText.Of(label)}' that begins in line {line} has another BEGIN line in it.", "The file is damaged: copy it again.");
        }

        if (text[..length].Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal))
        {
            Blocks.Add(new PemBlock(label, line, [], IsEncrypted: true));
            return length;
        }

        if (!PemEncoding.TryFind(text[..length], out PemFields fields) || fields.Location.Start.Value != 0)
        {
            throw new CredentialException(CredentialProblem.PemMalformed, Name, $"the PEM block '{PrintableText.Of(label)}' that begins in line {line} is not base64.", "The file is damaged: copy it again.");
        }

        byte[] content = new byte[fields.DecodedDataLength];
        _ = Convert.TryFromBase64Chars(text[fields.Base64Data], content, out _);
        Blocks.Add(new PemBlock(label, line, content, IsEncrypted: label == "ENCRYPTED PRIVATE KEY"));
        return length;
    }
}
