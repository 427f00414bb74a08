using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading;
using Thimble.Tls;

namespace Thimble;

/// <summary>
/// Appends one connection's secrets to a file in the NSS key log format, which Wireshark reads. Connections of this process
/// take turns, and the file is locked against others while lines are added, so that no two lines mix. Only its owner may
/// read a file that is made here.
/// </summary>
internal sealed class KeyLogFile
{
    private static readonly Lock s_turn = new();
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private string _clientRandom = "";

    /// <summary>Makes sure that the file is there and can be written.</summary>
    /// <exception cref="KeyLogException">It cannot.</exception>
    public KeyLogFile(string path)
    {
        _path = path;
        Append([]);
    }

    /// <summary>Adds what one call of the engine left in its log.</summary>
    /// <exception cref="KeyLogException">The file can no longer be written.</exception>
    public void Append(KeyLog log)
    {
        var lines = new StringBuilder();
        while (log.TryNext(out KeyLogLabel label, out ReadOnlySpan<byte> secret))
        {
            if (label == KeyLogLabel.Random)
            {
                _clientRandom = Convert.ToHexStringLower(secret);
            }
            else
            {
                lines.Append(Name(label)).Append(' ').Append(_clientRandom).Append(' ').Append(Convert.ToHexStringLower(secret)).Append('\n');
            }
        }

        if (lines.Length > 0)
        {
            Append(Encoding.ASCII.GetBytes(lines.ToString()));
        }
    }

    private static string Name(KeyLogLabel label) => label switch
    {
        KeyLogLabel.MasterSecret => "CLIENT_RANDOM",
        KeyLogLabel.ClientHandshakeTrafficSecret => "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        KeyLogLabel.ServerHandshakeTrafficSecret => "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        KeyLogLabel.ClientTrafficSecret => "CLIENT_TRAFFIC_SECRET_0",
        KeyLogLabel.ServerTrafficSecret => "SERVER_TRAFFIC_SECRET_0",
        KeyLogLabel.ExporterSecret => "EXPORTER_SECRET",
        _ => throw new ArgumentOutOfRangeException(nameof(label), label, "No secret has this label."),
    };

    private void Append(ReadOnlySpan<byte> lines)
    {
        try
        {
            lock (s_turn)
            {
                using FileStream file = Open();
                file.Write(lines);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new KeyLogException($"The key log '{_path}' cannot be written: {e.Message} Name a file in a folder that you may write to, or log no keys.", e);
        }
    }

    /// <summary>Another process that adds lines has the file but for a moment.</summary>
    private FileStream Open()
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(_path, options);
            }
            catch (IOException) when (File.Exists(_path) && Stopwatch.GetElapsedTime(start) < s_patience)
            {
                Thread.Sleep(1);
            }
        }
    }
}
