using System;
using System.IO;
using System.Text;

namespace Thimble.Cli.Bake;

/// <summary>Where a passphrase comes from: a file, the environment, or a person at the terminal, who does not see it.</summary>
internal sealed class PassphraseSource(Terminal terminal, string? file)
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "THIMBLE_PASSPHRASE";

    private const int MaxBytes = 4096;

    /// <summary>The passphrase for what is named, or null where there is none and nobody can be asked.</summary>
    public string? For(string what) => file is not null ? FromFile(file)
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } value ? value
        : terminal.CanAsk ? Ask($"Passphrase for {PrintableText.Of(what)}: ") : null;

    /// <summary>A passphrase to encrypt with, which a person types twice.</summary>
    public string? ForNew(string what)
    {
        if (file is not null || Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } || !terminal.CanAsk)
        {
            return For(what);
        }

        string once = Ask($"New passphrase for {PrintableText.Of(what)}: ");
        return once.Length == 0 ? throw new ThimbleException("The passphrase is empty. Leave --encrypt away for a key in the clear.")
            : once == Ask("Once more: ") ? once : throw new ThimbleException("The two passphrases differ. Begin again.");
    }

    /// <summary>The first line of the file.</summary>
    private static string FromFile(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            byte[] bytes = new byte[MaxBytes];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            string text = Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\uFEFF');
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(bytes);
            string line = text.Split('\n', 2)[0].TrimEnd('\r');
            return line.Length > 0 && length < MaxBytes ? line : throw new ThimbleException($"{path}: the first line should be the passphrase, and is {(line.Length == 0 ? "empty" : "too long")}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ThimbleException($"{path}: the file of the passphrase cannot be read: {e.Message} Check the path and its permissions.", e);
        }
    }

    private string Ask(string prompt)
    {
        terminal.Error.Write(prompt);
        var typed = new StringBuilder();
        while (true)
        {
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    terminal.Error.WriteLine();
                    string passphrase = typed.ToString();
                    typed.Clear();
                    return passphrase;
                case ConsoleKey.Backspace:
                    typed.Length = Math.Max(0, typed.Length - 1);
                    break;
                default:
                    if (!char.IsControl(key.KeyChar))
                    {
                        typed.Append(key.KeyChar);
                    }

                    break;
            }
        }
    }
}
