using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Thimble.Cli.Bake;

namespace Thimble.Cli.Certificates;

/// <summary>
/// Gathers files and writes them when all of them are made: into a folder, or into one archive where its name ends with .tar or .zip. Nothing is
/// overwritten unless that was asked for.
/// </summary>
internal sealed class CertificateOutput(string path, bool force) : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly List<OutputFile> _files = [];
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase); // some file systems take no two that differ in capitals alone

    private sealed record OutputFile(string Name, byte[] Content, bool IsSecret);

    private bool IsTar => path.EndsWith(".tar", StringComparison.OrdinalIgnoreCase);

    private bool IsZip => path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>What was written, as a person would name it.</summary>
    public IReadOnlyList<string> Written { get; private set; } = [];

    /// <summary>Refuses early, before a key is made, what could not be written later.</summary>
    public void Promise(string name)
    {
        if (!force && Path.Exists(IsTar || IsZip ? path : Path.Combine(path, name)))
        {
            throw new ThimbleException($"{(IsTar || IsZip ? path : Path.Combine(path, name))} exists already. Choose another place with --output, or overwrite it with --force.");
        }

        if (!(IsTar || IsZip) && File.Exists(path))
        {
            throw new ThimbleException($"{path} is a file. Give a folder with --output, or the name of an archive that ends with .tar or .zip.");
        }
    }

    /// <summary>Refuses to write onto what is read, --force or not: an authority's key comes once. Ask when all files are added.</summary>
    public void Spare(params IEnumerable<string?> inputs)
    {
        string real = RealPath.Of(path);
        foreach (string input in inputs.OfType<string>().Where(static input => input.Length > 0))
        {
            string read = RealPath.Of(input);
            if (IsTar || IsZip ? read == real : Path.GetDirectoryName(read) == real && _names.Contains(Path.GetFileName(read)))
            {
                throw new ThimbleException($"'{input}' would be overwritten, from which the certificates are made. Choose another place with --output, or another --name.");
            }
        }
    }

    /// <summary>Adds a file of text.</summary>
    public void Add(string name, string text, bool isSecret)
    {
        if (!_names.Add(name))
        {
            throw new ThimbleException($"Two of the names give the same file, '{name}'. Choose a pattern whose names differ in letters, digits, '-', '_' or '.'.");
        }

        _files.Add(new OutputFile(name, Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n"), isSecret));
    }

    /// <summary>Writes everything.</summary>
    public void Write()
    {
        if (IsTar || IsZip)
        {
            byte[] archive = IsTar ? Tar() : Zip();
            WholeFile.Write(path, archive, _files.Exists(static file => file.IsSecret), force);
            CryptographicOperations.ZeroMemory(archive);
            Written = [path];
            return;
        }

        WriteFolder();
        Written = [.. _files.Select(file => Path.Combine(path, file.Name))];
    }

    /// <summary>Wipes the keys.</summary>
    public void Dispose() => _files.ForEach(static file => CryptographicOperations.ZeroMemory(file.Content));

    private void WriteFolder()
    {
        var done = new List<string>();
        try
        {
            Directory.CreateDirectory(path);
            foreach (OutputFile file in _files)
            {
                string target = Path.Combine(path, file.Name);
                WholeFile.Write(target, file.Content, file.IsSecret, force);
                done.Add(target);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ThimbleException)
        {
            // Half a fleet is worse than none; what was there before with --force is gone either way.
            done.ForEach(File.Delete);
            throw e as ThimbleException ?? new ThimbleException($"{path}: the folder cannot be written: {e.Message} Check it and its permissions.", e);
        }
    }

    private byte[] Tar()
    {
        using var bytes = new MemoryStream();
        using (var archive = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (OutputFile file in _files)
            {
                using var content = new MemoryStream(file.Content);
                archive.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, file.Name) { DataStream = content, Mode = file.IsSecret ? Private : Public });
            }
        }

        return bytes.ToArray();
    }

    private byte[] Zip()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (OutputFile file in _files)
            {
                ZipArchiveEntry entry = archive.CreateEntry(file.Name);
                entry.ExternalAttributes = (int)(0x8000 | (uint)(file.IsSecret ? Private : Public)) << 16;
                using Stream content = entry.Open();
                content.Write(file.Content);
            }
        }

        return bytes.ToArray();
    }
}
