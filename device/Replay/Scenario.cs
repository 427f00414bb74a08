using System;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Replay;

/// <summary>What a recording consists of, in the order in which the parts stand in it.</summary>
internal enum Part
{
    /// <summary>The <see cref="Memory.Profile"/>, as it lies in memory.</summary>
    Profile,

    /// <summary>Trust anchor, client chain and client key.</summary>
    RomImage,
    ServerName,

    /// <summary>The entropy that the connection began with: the client's bytes are a function of it and of the server's.</summary>
    Seed,

    /// <summary>All that the client must say, handshake and record.</summary>
    ClientSays,

    /// <summary>The server's two flights.</summary>
    ServerSays,

    /// <summary>The server's records with CONNACK, SUBACK and PUBLISH, and what they say once opened.</summary>
    ServerRecords,
    Opened,

    /// <summary>The message that the client then seals.</summary>
    Message,

    /// <summary>The session that the connection resumes, or nothing.</summary>
    Session,
}

/// <summary>
/// A recorded connection: <c>u32 magic, u32 profileDigest, i64 unixSeconds, { u32 offset, u32 bytes }[10]</c>, then the
/// parts, each at a multiple of 8; all little-endian.
/// </summary>
internal readonly ref struct Scenario
{
    public const uint Magic = 0x4E435354;
    public const int Parts = (int)Part.Session + 1;
    public const int TableAt = 16;

    private readonly ReadOnlySpan<byte> _recording;

    public Scenario(ReadOnlySpan<byte> recording) => _recording = recording;

    public ref readonly Profile Profile => ref MemoryMarshal.AsRef<Profile>(this[Part.Profile]);

    public long UnixSeconds => MemoryMarshal.Read<long>(_recording.Slice(8));

    /// <summary>Whether this is a recording, and its profile still means what it meant.</summary>
    public bool IsUsable =>
        MemoryMarshal.Read<uint>(_recording) == Magic && MemoryMarshal.Read<uint>(_recording.Slice(4)) == Profile.Digest;

    public ReadOnlySpan<byte> this[Part part] => _recording.Slice(Number(part, 0), Number(part, 4));

    private int Number(Part part, int field) => MemoryMarshal.Read<int>(_recording.Slice(TableAt + ((int)part * 8) + field));
}
