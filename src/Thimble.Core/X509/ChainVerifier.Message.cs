using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>
/// What Ed25519 signed. It hashes R and the issuer's key before the message (RFC 8032 §5.1.7), and both come after it: so the signed part is
/// kept whole until the issuer's key has passed (RULES 13), and meanwhile the issuer's own signed part arrives. There are two
/// slots, and certificates take them in turn: <c>u32 length</c>, then the bytes.
/// </content>
public ref partial struct ChainVerifier
{
    private const int SlotHeaderBytes = 4;

    /// <summary>The bytes of <see cref="ChainMemory.Messages"/>.</summary>
    public static int MessagesBytes(int maxEd25519TbsBytes) => maxEd25519TbsBytes == 0 ? 0 : 2 * ((SlotHeaderBytes + maxEd25519TbsBytes + 7) & ~7);

    private readonly bool KeepsMessage => Features.Ed25519 && _state.Algorithm == SignatureAlgorithm.Ed25519;

    /// <summary>The slot of the certificate at that depth.</summary>
    private readonly Span<byte> Slot(int index)
    {
        int bytes = _memory.Messages.Length / 2;
        return _memory.Messages.Slice((index & 1) * bytes, bytes);
    }

    /// <summary>The signed part that was kept of the certificate at that depth.</summary>
    private readonly ReadOnlySpan<byte> Message(int index) => Slot(index).Slice(SlotHeaderBytes, BinaryPrimitives.ReadInt32LittleEndian(Slot(index)));

    /// <summary>The algorithm is known, and the end of the signed part: what waited is how it begins.</summary>
    private bool BeginMessage(ReadOnlySpan<byte> waited)
    {
        uint bytes = (uint)waited.Length + _der.Remaining;
        uint limit = (uint)_policy.MaxEd25519TbsBytes;
        if (!Features.Ed25519 || bytes > limit)
        {
            return Fail(limit == 0 ? FaultReason.SignatureNotStreamable : FaultReason.SignedPartAboveProfileLimit, limit, bytes);
        }

        BinaryPrimitives.WriteInt32LittleEndian(Slot(_state.Index), 0);
        KeepMessage(waited);
        return true;
    }

    private readonly void KeepMessage(ReadOnlySpan<byte> bytes)
    {
        Span<byte> slot = Slot(_state.Index);
        int at = BinaryPrimitives.ReadInt32LittleEndian(slot);
        bytes.CopyTo(slot[(SlotHeaderBytes + at)..]);
        BinaryPrimitives.WriteInt32LittleEndian(slot, at + bytes.Length);
    }
}
