using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// RSASP1 by the Chinese remainder theorem (RFC 8017 §5.2.1, 2b): s_q, then s_p, then Garner's recombination, as a lens
/// over the operation's memory.
/// <para>
/// Every number is blinded afresh. All arithmetic modulo a prime p happens modulo p·c for a random odd c of 64 bits
/// and only the last step reduces modulo p, and the exponent is d + k·(p - 1) for a random k of 64 bits (Joye and
/// Olivier, "Side-Channel Analysis", Encyclopedia of Cryptography and Security: message, modulus and exponent
/// randomisation). So what the multiplier sees, Montgomery's constants included, differs in each signature, and no
/// inverse of a random number is needed, as r^e with 1/r would: it would cost a constant-time Euclid and the
/// memory for one. The powers run in constant time all the same: windows of 3 bits, each table entry read each time.
/// </para>
/// Memory: header, k, window of the exponent; the modulus p·c; two registers; s_q; a table of eight powers.
/// Leaks: the sizes.
/// </summary>
internal readonly ref struct RsaPrivatePower<TLimbs>
    where TLimbs : struct, IBigMontgomeryLimbs
{
    private const byte Blind = 0;
    private const byte FindRSquared = 1;
    private const byte FindOne = 2;
    private const byte ReduceLow = 3;
    private const byte FindRCubed = 4;
    private const byte ReduceHigh = 5;
    private const byte FillTable = 6;
    private const byte Raise = 7;
    private const byte FindRSquaredAgain = 8;
    private const byte Subtract = 9;
    private const byte MultiplyInverse = 10;
    private const byte EnterForm = 11;
    private const byte Unblind = 12;
    private const byte Recombine = 13;
    private const byte Complete = 14;

    private const int KBytes = 8;
    private const int WindowAt = BigMontgomeryProgress.Bytes + KBytes;
    private const int WindowBytes = 12;
    private const int NumbersAt = 32;
    private const int DigitBits = 3;
    private const int DigitsPerWindow = WindowBytes * 8 / DigitBits;
    private const int TableEntries = 1 << DigitBits;

    private readonly Span<byte> _operation;
    private readonly int _primeBytes;

    public RsaPrivatePower(Span<byte> operation, int bits)
    {
        _operation = operation;
        _primeBytes = bits >> 4;
    }

    /// <summary>Nothing has been done.</summary>
    public bool IsAtBegin => Progress is { Phase: Blind, Part: 0 };

    /// <summary>The signature is there, unchecked.</summary>
    public bool IsComplete => Progress.Phase == Complete;

    /// <summary>The signature: big-endian. It lies at the end of the table.</summary>
    public Span<byte> Signature => Table[^(2 * _primeBytes)..];

    /// <summary>A copy of it, which is what the check reads.</summary>
    public Span<byte> CheckSignature => Table[^(4 * _primeBytes)..^(2 * _primeBytes)];

    /// <summary>Scratch of a digest's length for the check.</summary>
    public Span<byte> CheckBlock => Table[..Hash.MaxDigestBytes];

    /// <summary>Memory for <see cref="RsaVerify"/>, its header cleared when the signature was complete.</summary>
    public Span<byte> CheckOperation => _operation.Slice(NumbersAt, RsaVerify.OperationBytes(_primeBytes * 16));

    private int NumberBytes => _primeBytes + 8;

    private ref BigMontgomeryProgress Progress => ref MemoryMarshal.AsRef<BigMontgomeryProgress>(_operation);

    private Span<byte> K => _operation.Slice(BigMontgomeryProgress.Bytes, KBytes);

    private Span<byte> Window => _operation.Slice(WindowAt, WindowBytes);

    private Span<byte> Modulus => Number(0);

    private Span<byte> Registers => _operation.Slice(NumbersAt + NumberBytes, 2 * NumberBytes);

    private Span<byte> Sq => Number(3);

    private Span<byte> Table => _operation.Slice(NumbersAt + (4 * NumberBytes), TableEntries * NumberBytes);

    // The encoded message lies in the upper half of the table until that is filled, and its scratch in the lower half.
    private Span<byte> Encoded => Table[^(2 * _primeBytes)..];

    /// <summary>Bytes of the operation.</summary>
    public static int OperationBytes(int bits) => NumbersAt + ((4 + TableEntries) * ((bits >> 4) + 8));

    /// <summary>One piece of the work. Leaks: the sizes.</summary>
    public void Step(scoped in RsaPrivateKey key, scoped RsaEncodedMessage message, ref int work)
    {
        ref BigMontgomeryProgress progress = ref Progress;
        if (progress.Phase == Blind)
        {
            BlindPrime(progress.Part == 0 ? key.Q : key.P, message);
            progress.Phase = FindRSquared;
            return;
        }

        var number = new BigMontgomery<TLimbs>(ref progress, Registers, Modulus);
        bool isDone = progress.Phase switch
        {
            <= ReduceHigh => StepEntry(number, message, ref work),
            FillTable => StepTable(number, ref work),
            Raise => StepPower(number, progress.Part == 0 ? key.Q : key.P, progress.Part == 0 ? key.Dq : key.Dp, ref work),
            Recombine => StepRecombination(number, key.Q, ref work),
            _ => StepExit(number, key, ref work),
        };
        if (isDone)
        {
            progress.Phase++;
        }
    }

    private Span<byte> Number(int index) => _operation.Slice(NumbersAt + (index * NumberBytes), NumberBytes);

    private Span<byte> Entry(int index) => Table.Slice(index * NumberBytes, NumberBytes);

    // c keeps its top bit, so that p·c has at least the bits that SquareOfR starts from, and is odd.
    private void BlindPrime(ReadOnlySpan<byte> prime, scoped RsaEncodedMessage message)
    {
        Span<byte> pseudorandom = message.Derive(Progress.Part, Table);
        pseudorandom[0] |= 1;
        pseudorandom[7] |= 0x80;
        pseudorandom.Slice(8, KBytes).CopyTo(K);
        RsaBlinding.Multiply(Modulus, prime, pseudorandom[..8]);
    }

    /// <summary>
    /// From R² to the message in Montgomery's form: with m = m1·R + m0, it is m0·R² / R + m1·R³ / R, so that no
    /// division by the prime is needed. Each phase begins with X as the one before left it.
    /// </summary>
    private bool StepEntry(scoped BigMontgomery<TLimbs> number, scoped RsaEncodedMessage message, ref int work)
    {
        switch (Progress.Phase)
        {
            case FindRSquared:
                if (!number.SquareOfR((8 * _primeBytes) + 62, ref work))
                {
                    return false;
                }

                message.Encode(Encoded, 16 * _primeBytes, Table);
                number.X.CopyTo(Entry(2));
                return true;
            case FindOne:
                return MultiplyThen(number, BigMontgomeryFactor.One, storeAt: 0, loadFrom: 2, ref work);
            case ReduceLow:
                return MultiplyThen(number, BigMontgomeryFactor.BigEndian(Encoded[(_primeBytes - 8)..]), storeAt: 1, loadFrom: 2, ref work);
            case FindRCubed:
                return number.Square(ref work);
            default:
                if (!number.Multiply(BigMontgomeryFactor.BigEndian(Encoded[..(_primeBytes - 8)]), ref work))
                {
                    return false;
                }

                number.Add(Entry(1));
                number.X.CopyTo(Entry(1));
                return true;
        }
    }

    private bool MultiplyThen(scoped BigMontgomery<TLimbs> number, scoped BigMontgomeryFactor factor, int storeAt, int loadFrom, ref int work)
    {
        if (!number.Multiply(factor, ref work))
        {
            return false;
        }

        number.X.CopyTo(Entry(storeAt));
        Entry(loadFrom).CopyTo(number.X);
        return true;
    }

    // Entry i = m^i; the first two are there, and X is the second.
    private bool StepTable(scoped BigMontgomery<TLimbs> number, ref int work)
    {
        ref BigMontgomeryProgress progress = ref Progress;
        if (!number.Multiply(BigMontgomeryFactor.LittleEndian(Entry(1)), ref work))
        {
            return false;
        }

        number.X.CopyTo(Entry(progress.Count + 2));
        progress.Count++;
        if (progress.Count < TableEntries - 2)
        {
            return false;
        }

        progress.Count = 0;
        Entry(0).CopyTo(number.X);
        return true;
    }

    /// <summary>One product of the power: three squarings and one factor per digit, the highest digit first.</summary>
    private bool StepPower(scoped BigMontgomery<TLimbs> number, ReadOnlySpan<byte> prime, ReadOnlySpan<byte> exponent, ref int work)
    {
        ref BigMontgomeryProgress progress = ref Progress;
        int digits = ((8 * NumberBytes) + DigitBits - 1) / DigitBits;
        int below = digits - 1 - (progress.Count >> 2);
        if ((progress.Count & 3) < DigitBits)
        {
            if (number.Square(ref work))
            {
                progress.Count++;
            }

            return false;
        }

        if (progress.Row == 0 && (progress.Count < 4 || below % DigitsPerWindow == DigitsPerWindow - 1))
        {
            FillWindow(below, prime, exponent);
        }

        uint digit = MemoryMarshal.Cast<byte, uint>(Window)[2] >> (32 - DigitBits);
        if (!number.Multiply(BigMontgomeryFactor.Entry(Table, NumberBytes, digit), ref work))
        {
            return false;
        }

        ShiftWindow();
        progress.Count++;
        if (below > 0)
        {
            return false;
        }

        progress.Count = 0;
        if (progress.Part == 0)
        {
            SetModulus(prime);
            progress.Phase = Unblind;
            return false;
        }

        number.X.CopyTo(Entry(1));
        return true;
    }

    // The window holds 32 digits, the next one at its top: of the first, only the lower digits exist.
    private void FillWindow(int digit, ReadOnlySpan<byte> prime, ReadOnlySpan<byte> exponent)
    {
        int window = digit / DigitsPerWindow;
        RsaBlinding.Window(Window, window * (WindowBytes / 4), exponent, prime, K);
        for (int unused = ((window + 1) * DigitsPerWindow) - 1; unused > digit; unused--)
        {
            ShiftWindow();
        }
    }

    [ConstantTime]
    private void ShiftWindow()
    {
        Span<uint> limbs = MemoryMarshal.Cast<byte, uint>(Window);
        limbs[2] = (limbs[2] << DigitBits) | (limbs[1] >> (32 - DigitBits));
        limbs[1] = (limbs[1] << DigitBits) | (limbs[0] >> (32 - DigitBits));
        limbs[0] <<= DigitBits;
    }

    private void SetModulus(ReadOnlySpan<byte> prime)
    {
        prime.CopyTo(Modulus);
        Modulus[_primeBytes..].Clear();
    }

    /// <summary>
    /// Out of the blinded form: s_q; or h = (s_p - s_q)·qInv mod p, all of it modulo p·c until the last reduction. A
    /// multiple of the prime, less than R, times 1 leaves its residue and takes an R out.
    /// </summary>
    private bool StepExit(scoped BigMontgomery<TLimbs> number, scoped in RsaPrivateKey key, ref int work)
    {
        ref BigMontgomeryProgress progress = ref Progress;
        switch (progress.Phase)
        {
            case FindRSquaredAgain:
                if (!number.SquareOfR((8 * _primeBytes) + 62, ref work))
                {
                    return false;
                }

                number.X.CopyTo(Entry(2));
                return true;
            case Subtract:
                if (!MultiplyThen(number, BigMontgomeryFactor.LittleEndian(Sq), storeAt: 3, loadFrom: 1, ref work))
                {
                    return false;
                }

                number.Subtract(Entry(3));
                return true;
            case MultiplyInverse:
                return number.Multiply(BigMontgomeryFactor.LittleEndian(key.QInv), ref work);
            case EnterForm:
                if (!number.Multiply(BigMontgomeryFactor.LittleEndian(Entry(2)), ref work))
                {
                    return false;
                }

                SetModulus(key.P);
                return true;
            default:
                if (!number.Multiply(BigMontgomeryFactor.One, ref work))
                {
                    return false;
                }

                if (progress.Part == 1)
                {
                    Sq.CopyTo(number.Other);
                    return true;
                }

                number.X.CopyTo(Sq);
                progress.Part = 1;
                progress.Phase = Blind;
                return false;
        }
    }

    /// <summary>
    /// One row of s = s_q + q·h (Garner): each row adds a limb of h times q and moves the lowest limb of the sum out,
    /// to its place in the signature.
    /// </summary>
    private bool StepRecombination(scoped BigMontgomery<TLimbs> number, ReadOnlySpan<byte> q, ref int work)
    {
        ref BigMontgomeryProgress progress = ref Progress;
        Span<byte> sum = number.Other[.._primeBytes];
        nuint limb = TLimbs.Read(number.X, progress.Count);
        nuint lowest = TLimbs.Read(sum, 0) + (TLimbs.Read(q, 0) * limb);
        TLimbs.Row(sum, q, limb, q, 0, 0);
        work -= TLimbs.RowWork(_primeBytes);
        int end = Signature.Length - (progress.Count * TLimbs.Bytes);
        for (int i = 1; i <= TLimbs.Bytes; i++)
        {
            Signature[end - i] = (byte)lowest;
            lowest >>= 8;
        }

        progress.Count++;
        if (progress.Count * TLimbs.Bytes < _primeBytes)
        {
            return false;
        }

        for (int i = 0; i < _primeBytes; i++)
        {
            Signature[_primeBytes - 1 - i] = sum[i];
        }

        Signature.CopyTo(CheckSignature);
        CheckOperation[..BigMontgomeryProgress.Bytes].Clear();
        return true;
    }
}
