using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Thimble.Cli.Bake;
using Thimble.Cli.Defaults;

namespace Thimble.Cli.Register;

/// <summary>What a registration leaves behind for the device: the key that was derived, and the defaults that <c>pub</c> and <c>sub</c> read.</summary>
internal static class RegistrationFiles
{
    /// <summary>Refuses before anything is sent what could not be written later.</summary>
    /// <exception cref="ThimbleException">A file is there already, or a name cannot stand in a file of defaults.</exception>
    public static void Promise(RegisterSettings settings)
    {
        foreach (string? path in (string?[])[settings.SavedKeyFile, settings.SavedDefaultsFile])
        {
            if (path is not null && (Directory.Exists(path) || (File.Exists(path) && !settings.Force)))
            {
                throw new ThimbleException($"{path} exists already. Choose another name{(Directory.Exists(path) ? "" : ", or overwrite it with --force")}.");
            }

            if (path is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            {
                throw new ThimbleException($"{path}: there is no such folder. Make it first.");
            }
        }

        foreach ((string name, string? value) in settings.SavedDefaultsFile is null ? [] : DeviceProof.Options(settings))
        {
            if (value is not null && (PrintableText.Of(value) != value || value.Trim() != value))
            {
                throw new ThimbleException($"The name of the file of --{name} has characters that a line of defaults cannot have. Choose another name, or leave out --save.");
            }
        }
    }

    /// <summary>Writes them, and tells which.</summary>
    /// <exception cref="ThimbleException">One cannot be written.</exception>
    public static IReadOnlyList<string> Write(RegisterSettings settings, DpsAssignment assignment)
    {
        List<string> written = [];
        if (settings is { SavedKeyFile: { } keyFile, Cloud.DerivedKey: { } key })
        {
            WriteKey(keyFile, key, settings.Force);
            written.Add(keyFile);
        }

        if (settings.SavedDefaultsFile is { } defaults)
        {
            WholeFile.Write(defaults, Encoding.UTF8.GetBytes(Defaults(settings, assignment)), isSecret: false, settings.Force);
            written.Add(defaults);
        }

        return written;
    }

    private static void WriteKey(string path, byte[] key, bool force)
    {
        byte[] line = new byte[Base64.GetMaxEncodedToUtf8Length(key.Length) + 1];
        try
        {
            _ = Base64.EncodeToUtf8(key, line, out _, out _);
            line[^1] = (byte)'\n';
            WholeFile.Write(path, line, isSecret: true, force);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(line);
        }
    }

    /// <summary>In the form of <see cref="DefaultsFile"/>.</summary>
    private static string Defaults(RegisterSettings settings, DpsAssignment assignment)
    {
        var text = new StringBuilder("[pub, sub]\n");
        _ = text.Append("for = azure-iot-hub\n").Append("host = ").Append(assignment.Hub).Append('\n').Append("id = ").Append(assignment.DeviceId).Append('\n');
        foreach ((string name, string? value) in DeviceProof.Options(settings))
        {
            _ = value == DeviceProof.UnsavedKey ? text : text.Append(name).Append(" = ").Append(value ?? "true").Append('\n');
        }

        return text.ToString();
    }
}
