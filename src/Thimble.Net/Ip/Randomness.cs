using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>
/// Numbers that an outsider cannot guess, from a secret of 16 bytes: SipHash of a counter, or of what they belong to.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct Randomness
{
    public const int Bytes = SipHash.KeyBytes + 4;

    private Secret _secret;
    private uint _drawn;

    /// <summary>Keeps the secret.</summary>
    public void Begin(ReadOnlySpan<byte> secret)
    {
        secret.CopyTo(_secret);
        _drawn = 0;
    }

    /// <summary>The next random number.</summary>
    public ulong Next()
    {
        _drawn++;
        return Of(new Subject { First = _drawn });
    }

    /// <summary>The number that belongs to <paramref name="subject"/>: always the same.</summary>
    public readonly ulong Of(in Subject subject) =>
        SipHash.Of(_secret, MemoryMarshal.AsBytes(new ReadOnlySpan<Subject>(in subject)));

    /// <summary>
    /// The local port of a connection (RFC 6056 §3.3.3, algorithm 3): a start that belongs to the peer, plus a counter, so
    /// that a port comes back to the same peer after 16,384 others. 49152 to 65535 (RFC 6335 §6).
    /// </summary>
    public ushort PortFor(Ipv4Address local, Ipv4Address remote, ushort remotePort)
    {
        _drawn++;
        uint start = (uint)Of(new Subject { Kind = SubjectKind.Port, First = local.Value, Second = remote.Value, Third = remotePort });
        return (ushort)(0xC000 | ((start + _drawn) & 0x3FFF));
    }

    /// <summary>The initial sequence number of a connection (RFC 6528 §3): a clock of 4 µs plus a number that belongs to the two ends.</summary>
    public readonly uint SequenceFor(uint now, Ipv4Address local, ushort localPort, Ipv4Address remote, ushort remotePort) =>
        (now * 250) + (uint)Of(new Subject
        {
            Kind = SubjectKind.Sequence, First = local.Value, Second = remote.Value, Third = ((uint)localPort << 16) | remotePort,
        });

    [InlineArray(SipHash.KeyBytes)]
    private struct Secret
    {
        private byte _first;
    }
}

/// <summary>What a number belongs to. Kinds never meet, so that no number tells anything about another.</summary>
internal enum SubjectKind : uint
{
    /// <summary>A draw.</summary>
    Draw = 0,

    /// <summary>A port.</summary>
    Port,

    /// <summary>An initial sequence number.</summary>
    Sequence,

    /// <summary>The nonce of a question for the time.</summary>
    Time,
}

/// <summary>The input of the keyed hash.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct Subject
{
    public SubjectKind Kind;
    public uint First;
    public uint Second;
    public uint Third;
}
