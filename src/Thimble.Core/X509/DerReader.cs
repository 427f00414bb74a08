using System;
using System.Runtime.CompilerServices;

namespace Thimble.X509;

/// <summary>
/// A pull reader of strict DER (X.690 §10) over bytes that arrive in pieces. Every operation that needs input answers
/// <c>false</c> either because the input ran out, and then it continues where it was when it is called again with more,
/// or because the bytes are not DER or not what was wanted, and then <see cref="Failed"/> is true and stays so.
/// Lengths are definite, minimal and below 2^24, tags are low, and no element leaves the one around it.
/// Bounded: each byte is looked at once. Leaks everything: certificates are public.
/// </summary>
internal ref struct DerReader
{
    private readonly ref DerState _state;
    private readonly ReadOnlySpan<byte> _input;
    private int _taken;

    public DerReader(ref DerState state, ReadOnlySpan<byte> input)
    {
        _state = ref state;
        _input = input;
    }

    /// <summary>Whether the bytes broke the grammar.</summary>
    public bool Failed { get; private set; }

    /// <summary>After a failure: the tag that was wanted, or 0.</summary>
    public byte Wanted { get; private set; }

    /// <summary>How many bytes of the input were taken.</summary>
    public readonly int Taken => _taken;

    /// <summary>The tag of the element whose header was read last.</summary>
    public readonly byte Tag => _state.Tag;

    /// <summary>The length of the element whose header was read last, in bytes.</summary>
    public readonly uint Length => _state.Length;

    /// <summary>How many bytes the open element still holds.</summary>
    public readonly uint Remaining => _state.Ends[_state.Depth] - _state.Position;

    /// <summary>Whether the open element has ended.</summary>
    public readonly bool AtEnd => Remaining == 0;

    /// <summary>How many bytes the whole input still holds.</summary>
    public readonly uint Rest => _state.Ends[0] - _state.Position;

    /// <summary>The contents of the primitive element that <see cref="Atom"/> read, cut at 16 bytes: compare <see cref="Length"/>.</summary>
    public readonly ReadOnlySpan<byte> Value => ((ReadOnlySpan<byte>)_state.Atom)[..(int)Math.Min(_state.Length, DerAtom.Bytes)];

    /// <summary>Prepares for an input of so many bytes.</summary>
    public static void Begin(ref DerState state, uint bytes)
    {
        state.Depth = 0;
        state.Position = 0;
        state.Stage = DerStage.Tag;
        state.Ends[0] = bytes;
    }

    /// <summary>Looks at the next tag: <see cref="DerTag.End"/> where the open element ends.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Next(out byte tag)
    {
        bool known = Header();
        tag = _state.Tag;
        return known;
    }

    /// <summary>Opens an element that holds elements, or one whose contents are DER, such as extnValue.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Enter(byte tag) => Header() && Is(tag) && Push(DerStage.Tag);

    /// <summary>Closes the open element: it must have ended.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Leave()
    {
        if (!AtEnd || _state.Stage is not (DerStage.Tag or DerStage.Contents))
        {
            return Fail(DerTag.End);
        }

        _state.Depth--;
        _state.Stage = DerStage.Tag;
        return true;
    }

    /// <summary>Makes the rest of the input the outermost element: all that are open must end with it. So wrappings take no levels.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Unwrap()
    {
        for (int i = 1; i <= _state.Depth; i++)
        {
            if (_state.Ends[i] != _state.Ends[0])
            {
                return Fail(DerTag.End);
            }
        }

        Begin(ref _state, Rest);
        return true;
    }

    /// <summary>Opens a primitive element whose contents are then taken by <see cref="Chunk"/> and closed by <see cref="Leave"/>.</summary>
    public bool Open(byte tag) => _state.Stage == DerStage.Contents || (Header() && Is(tag) && Push(DerStage.Contents));

    /// <summary>The part of the open element that is at hand, possibly empty.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ReadOnlySpan<byte> Chunk()
    {
        int bytes = (int)Math.Min(Remaining, (uint)(_input.Length - _taken));
        ReadOnlySpan<byte> chunk = _input.Slice(_taken, bytes);
        _taken += bytes;
        _state.Position += (uint)bytes;
        return chunk;
    }

    /// <summary>Takes one byte of the open element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Byte(out byte value)
    {
        value = 0;
        if (AtEnd)
        {
            return Fail(DerTag.End);
        }

        if (_taken == _input.Length)
        {
            return false;
        }

        value = _input[_taken++];
        _state.Position++;
        return true;
    }

    /// <summary>Reads a whole primitive element; its first 16 bytes are then in <see cref="Value"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Atom(byte tag)
    {
        if (!Open(tag))
        {
            return false;
        }

        while (!AtEnd)
        {
            uint index = _state.Length - Remaining;
            if (!Byte(out byte value))
            {
                return false;
            }

            if (index < DerAtom.Bytes)
            {
                _state.Atom[(int)index] = value;
            }
        }

        return (IsWellFormed(_state.Tag) || Fail(tag)) && Leave();
    }

    /// <summary>Passes over an element of any kind without looking inside.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Skip()
    {
        if (_state.Stage != DerStage.Contents && !(Header() && (_state.Tag != DerTag.End || Fail(DerTag.End)) && Push(DerStage.Contents)))
        {
            return false;
        }

        Chunk();
        return AtEnd && Leave();
    }

    /// <summary>Marks the input as broken.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(byte wanted)
    {
        if (!Failed)
        {
            Failed = true;
            Wanted = wanted;
        }

        return false;
    }

    private bool Is(byte tag) => _state.Tag == tag || Fail(tag);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Push(DerStage stage)
    {
        if (_state.Depth == DerEnds.Levels - 1)
        {
            return Fail(_state.Tag);
        }

        _state.Ends[++_state.Depth] = _state.Position + _state.Length;
        _state.Stage = stage;
        return true;
    }

    /// <summary>Reads identifier and length octets (X.690 §8.1, §10.1), or notices that the open element ends.</summary>
    private bool Header()
    {
        while (_state.Stage != DerStage.Header)
        {
            if (_state.Stage == DerStage.Tag && AtEnd)
            {
                _state.Tag = DerTag.End;
                return true;
            }

            if (!Byte(out byte value) || !HeaderByte(value))
            {
                return false;
            }
        }

        return true;
    }

    private bool HeaderByte(byte value)
    {
        switch (_state.Stage)
        {
            case DerStage.Tag:
                _state.Tag = value;
                _state.Stage = DerStage.Length;
                return ((value & 0x1F) != 0x1F && value != DerTag.End) || Fail(DerTag.End);
            case DerStage.Length when value < 0x80:
                _state.Length = value;
                return Complete();
            case DerStage.Length:
                _state.Length = 0;
                _state.LengthBytes = (byte)((value << 4) | (value & 0x0F));
                _state.Stage = DerStage.LongLength;
                return value is >= 0x81 and <= 0x83 || Fail(DerTag.End);
            default:
                _state.Length = (_state.Length << 8) | value;
                return (--_state.LengthBytes & 0x0F) != 0 || (IsMinimal() ? Complete() : Fail(DerTag.End));
        }
    }

    private readonly bool IsMinimal() => (_state.LengthBytes >> 4) switch
    {
        1 => _state.Length >= 0x80,
        2 => _state.Length >= 0x100,
        _ => _state.Length >= 0x1_0000,
    };

    private bool Complete()
    {
        _state.Stage = DerStage.Header;
        return _state.Length <= Remaining || Fail(DerTag.End);
    }

    /// <summary>The rules of X.690 §8 and §11 for the contents of small primitive elements.</summary>
    private readonly bool IsWellFormed(byte tag)
    {
        ReadOnlySpan<byte> value = Value;
        return tag switch
        {
            DerTag.Boolean => _state.Length == 1 && value[0] is 0x00 or 0xFF,
            DerTag.Integer or DerTag.Enumerated => IsMinimalInteger(value),
            DerTag.BitString => IsBitString(value),
            DerTag.Null => _state.Length == 0,
            DerTag.ObjectIdentifier => IsObjectIdentifier(value),
            _ => true,
        };
    }

    /// <summary>The first nine bits of an INTEGER are not all equal (X.690 §8.3.2).</summary>
    private static bool IsMinimalInteger(ReadOnlySpan<byte> value) => value.Length switch
    {
        0 => false,
        1 => true,
        _ => !(value[0] == 0x00 && value[1] < 0x80) && !(value[0] == 0xFF && value[1] >= 0x80),
    };

    /// <summary>Unused bits are fewer than eight and zero (X.690 §8.6.2, §11.2.1).</summary>
    private readonly bool IsBitString(ReadOnlySpan<byte> value)
    {
        if (value.Length == 0 || value[0] > 7 || _state.Length > DerAtom.Bytes)
        {
            return false;
        }

        return value.Length == 1 ? value[0] == 0 : (value[^1] & ((1 << value[0]) - 1)) == 0;
    }

    /// <summary>Subidentifiers are minimal and the last one ends (X.690 §8.19.2).</summary>
    private readonly bool IsObjectIdentifier(ReadOnlySpan<byte> value)
    {
        bool first = true;
        foreach (byte octet in value)
        {
            if (first && octet == 0x80)
            {
                return false;
            }

            first = octet < 0x80;
        }

        return value.Length != 0 && (first || _state.Length > DerAtom.Bytes);
    }
}
