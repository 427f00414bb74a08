using System;
using System.Buffers.Binary;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Reads the secrets that one call of the engine left in <see cref="TlsConfig.KeyLog"/>, so that a host can let a network
/// analyser read along. Where that span is empty, and in a build without <see cref="Features.KeyLog"/>, no secret leaves.
/// <code>
///  0 u16 bytes in use behind it (little-endian)    then, for each secret: u8 label, u8 length, the secret
/// </code>
/// </summary>
public ref struct KeyLog
{
    /// <summary>What one call writes at most, in bytes.</summary>
    public const int BytesPerCall = 192;

    private const int UsedBytes = 2;
    private const int EntryHeaderBytes = 2;

    private ReadOnlySpan<byte> _rest;

    /// <summary>Looks at what a call left in <paramref name="log"/>, which has two bytes or more.</summary>
    public KeyLog(ReadOnlySpan<byte> log) => _rest = log.Slice(UsedBytes, BinaryPrimitives.ReadUInt16LittleEndian(log));

    /// <summary>Empties a log before a call.</summary>
    public static void Clear(Span<byte> log) => log.Slice(0, log.IsEmpty ? 0 : UsedBytes).Clear();

    /// <summary>The next secret; false behind the last one.</summary>
    public bool TryNext(out KeyLogLabel label, out ReadOnlySpan<byte> secret)
    {
        bool any = !_rest.IsEmpty;
        label = any ? (KeyLogLabel)_rest[0] : KeyLogLabel.None;
        secret = any ? _rest.Slice(EntryHeaderBytes, _rest[1]) : default;
        _rest = any ? _rest.Slice(EntryHeaderBytes + secret.Length) : default;
        return any;
    }

    /// <summary>The client's random comes before the connection's first secret: in TLS 1.3 with ServerHello, for it is gone when there is one.</summary>
    internal static void WriteRandom(scoped in Connection connection)
    {
        if (Features.KeyLog && !connection.Config.KeyLog.IsEmpty)
        {
            Write(connection, KeyLogLabel.Random, connection.Buffer[RegionId.Randoms].Slice(0, ClientHello.RandomBytes));
        }
    }

    /// <summary>Leaves a secret for the host, where it asks for them. One that does not fit is left out: nothing of the connection depends on it.</summary>
    internal static void Write(scoped in Connection connection, KeyLogLabel label, ReadOnlySpan<byte> secret)
    {
        Span<byte> log = connection.Config.KeyLog;
        if (!Features.KeyLog || log.Length < UsedBytes)
        {
            return;
        }

        int used = BinaryPrimitives.ReadUInt16LittleEndian(log);
        Span<byte> free = log.Slice(UsedBytes + used);
        if (free.Length < EntryHeaderBytes + secret.Length)
        {
            return;
        }

        free[0] = (byte)label;
        free[1] = (byte)secret.Length;
        secret.CopyTo(free.Slice(EntryHeaderBytes));
        BinaryPrimitives.WriteUInt16LittleEndian(log, (ushort)(used + EntryHeaderBytes + secret.Length));
    }
}
