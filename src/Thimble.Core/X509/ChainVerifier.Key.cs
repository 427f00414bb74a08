using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.X509;

/// <content>SubjectPublicKeyInfo (RFC 5280 §4.1.2.7, RFC 3279 §2.3, RFC 5480 §2, RFC 8410 §4), written straight into its region.</content>
public ref partial struct ChainVerifier
{
    private const int MaxKeyBits = ushort.MaxValue;
    private const int Ed25519Bits = 256;

    private bool TakeSubjectPublicKeyInfo() => _state.Step switch
    {
        Step.SubjectPublicKeyInfo => _der.Enter(DerTag.Sequence) && To(Step.KeyAlgorithmIdentifier),
        Step.KeyAlgorithmIdentifier => _der.Enter(DerTag.Sequence) && To(Step.KeyAlgorithm),
        Step.KeyAlgorithm => _der.Atom(DerTag.ObjectIdentifier) && ChooseKeyAlgorithm(),
        Step.KeyNullParameters => _der.Atom(DerTag.Null) && _der.Leave() && To(Step.RsaBitString),
        Step.KeyCurveTag => _der.Next(out byte tag) && (tag == DerTag.ObjectIdentifier || Fail(FaultReason.KeyUnsupported)) && To(Step.KeyCurve),
        Step.KeyCurve => _der.Atom(DerTag.ObjectIdentifier) && ChooseCurve() && _der.Leave() && To(Step.PointBitString),
        Step.RsaBitString => _der.Enter(DerTag.BitString) && To(Step.RsaUnusedBits),
        Step.RsaUnusedBits => _der.Byte(out byte unused) && (unused == 0 || _der.Fail(DerTag.BitString)) && To(Step.RsaPublicKey),
        Step.RsaPublicKey => _der.Enter(DerTag.Sequence) && To(Step.Modulus),
        Step.Modulus => _der.Open(DerTag.Integer) && To(Step.ModulusFirst),
        Step.ModulusFirst => _der.Byte(out byte first) && BeginModulus(first),
        Step.ModulusBytes => TakeModulus(),
        Step.Exponent => _der.Atom(DerTag.Integer) && EndRsaKey() && _der.Leave() && _der.Leave() && _der.Leave() && KeyPassed(),
        Step.PointBitString => _der.Next(out byte tag) && (tag == DerTag.BitString || _der.Fail(DerTag.BitString))
            && (_der.Length == (uint)(PointStart + KeyMaterial.Length) || Fail(FaultReason.KeyInvalid, (uint)(PointStart + KeyMaterial.Length), _der.Length))
            && _der.Open(DerTag.BitString) && To(Step.PointBytes),
        _ => TakePoint(),
    };

    /// <summary>The octet of unused bits and the one that says "uncompressed", which Ed25519 does not have.</summary>
    private readonly int PointStart => PresentKey.Kind == KeyKind.Ed25519 ? 1 : 2;

    private readonly Span<byte> KeyRegion => _state.Index == 0 ? _memory.LeafKey : _memory.IssuerKey;

    /// <summary>The key whose header was written.</summary>
    private readonly SubjectPublicKey PresentKey => new(KeyRegion);

    private readonly Span<byte> KeyMaterial => KeyRegion.Slice(SubjectPublicKey.HeaderBytes, SubjectPublicKey.MaterialBytes(PresentKey.Kind, PresentKey.Bits));

    private bool ChooseKeyAlgorithm() => ObjectIdentifiers.Find(_der.Value) switch
    {
        ObjectIdentifier.RsaEncryption => To(Step.KeyNullParameters),
        ObjectIdentifier.EcPublicKey => To(Step.KeyCurveTag),
        ObjectIdentifier.Ed25519 => BeginEd25519Key() && _der.Leave() && To(Step.PointBitString),
        _ => Fail(FaultReason.KeyUnsupported),
    };

    private bool ChooseCurve() => ObjectIdentifiers.Find(_der.Value) switch
    {
        ObjectIdentifier.Secp256r1 => WriteKeyHeader(KeyKind.P256, 256, (uint)_policy.MaxEcdsaBits),
        ObjectIdentifier.Secp384r1 => WriteKeyHeader(KeyKind.P384, 384, (uint)_policy.MaxEcdsaBits),
        ObjectIdentifier.Secp521r1 => WriteKeyHeader(KeyKind.P521, 521, (uint)_policy.MaxEcdsaBits),
        _ => Fail(FaultReason.KeyUnsupported),
    };

    /// <summary>RFC 8410 §3: no parameters, so the identifier ends here.</summary>
    private bool BeginEd25519Key() =>
        _policy.Ed25519 ? WriteKeyHeader(KeyKind.Ed25519, Ed25519Bits, Ed25519Bits) : Fail(FaultReason.Ed25519NotInProfile);

    private bool WriteKeyHeader(KeyKind kind, uint bits, uint limit)
    {
        if (bits > limit)
        {
            return Fail(FaultReason.KeyAboveProfileLimit, limit, bits);
        }

        Span<byte> header = KeyRegion;
        header[0] = (byte)kind;
        header[1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header[2..], (ushort)bits);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], 0);
        return true;
    }

    /// <summary>The first octet of the INTEGER tells the exact length in bits: it is zero before a top bit that is set, or else the top octet.</summary>
    private bool BeginModulus(byte first)
    {
        uint rest = _der.Remaining;
        if (first >= 0x80 || rest == 0)
        {
            return Fail(FaultReason.KeyInvalid);
        }

        uint bits = Math.Min(rest, MaxKeyBits) * 8;
        bits += first == 0 ? 0 : 32 - (uint)System.Numerics.BitOperations.LeadingZeroCount((uint)first);
        if (bits < (uint)_policy.MinRsaBits)
        {
            return Fail(FaultReason.KeyTooWeak, (uint)_policy.MinRsaBits, bits);
        }

        if (!WriteKeyHeader(KeyKind.Rsa, bits, (uint)_policy.MaxRsaBits))
        {
            return false;
        }

        Span<byte> modulus = KeyMaterial;
        modulus[(int)rest..].Clear();
        if (first != 0)
        {
            modulus[(int)rest] = first;
        }

        return To(Step.ModulusBytes);
    }

    /// <summary>Octets come big-endian and are stored from the other end.</summary>
    private bool TakeModulus()
    {
        int at = (int)_der.Remaining;
        Span<byte> modulus = KeyMaterial;
        foreach (byte octet in _der.Chunk())
        {
            modulus[--at] = octet;
        }

        return _der.AtEnd && _der.Leave() && To(Step.Exponent);
    }

    private bool EndRsaKey()
    {
        // The leading zero of a minimal INTEGER stands before a set bit: then the length in bits is exact.
        ReadOnlySpan<byte> value = _der.Value;
        SubjectPublicKey key = PresentKey;
        bool isExact = (key.Material[(key.Bits - 1) >> 3] >> ((key.Bits - 1) & 7)) == 1;
        if (!isExact || value[0] >= 0x80 || _der.Length > 5 || (_der.Length == 5 && value[0] != 0))
        {
            return Fail(FaultReason.KeyInvalid);
        }

        uint exponent = 0;
        foreach (byte octet in value)
        {
            exponent = (exponent << 8) | octet;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(KeyRegion[4..], exponent);
        return (Features.RsaVerify && RsaVerify.IsPublicKey(key.Material, key.Bits, exponent)) || Fail(FaultReason.KeyInvalid);
    }

    private bool TakePoint()
    {
        int start = PointStart;
        int at = start + KeyMaterial.Length - (int)_der.Remaining;
        Span<byte> point = KeyMaterial;
        foreach (byte octet in _der.Chunk())
        {
            // RFC 5480 §2.2: 04 begins an uncompressed point, and no other form is taken.
            if (at < start && octet != (at == 0 ? 0x00 : 0x04))
            {
                return Fail(FaultReason.KeyInvalid, 0x04, octet);
            }

            if (at >= start)
            {
                point[at - start] = octet;
            }

            at++;
        }

        return _der.AtEnd && _der.Leave() && _der.Leave() && KeyPassed();
    }
}
