using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Keying material for uses outside TLS (RFC 5705 §4, RFC 8446 §7.5). What it comes from is kept in
/// <see cref="RegionId.ExporterSecret"/> while the connection lasts: exporter_master_secret, or in TLS 1.2 the master
/// secret and both randoms behind it, because there the label comes before the randoms. Leaks: label, context and all lengths.
/// </summary>
internal static class Exporter
{
    /// <summary>The size of the region for TLS 1.2.</summary>
    public const int SecretBytes12 = KeySchedule.MasterSecretBytes + RandomsBytes;

    private const int RandomsBytes = 2 * ClientHello.RandomBytes;

    /// <summary>RFC 5869 §2.3, and the same in TLS 1.2, so that no call works without bound.</summary>
    private const int MostDigests = 255;

    /// <summary>RFC 8446 §7.1: the label is an opaque string of at most 255 bytes, "tls13 " included.</summary>
    private const int MaxLabelBytes = 249;

    // The scratch of TLS 1.2: both randoms with the context's length behind them, to a multiple of eight; the registers of the PRF.
    private const int RegistersAt12 = RandomsBytes + 8;

    // The scratch of TLS 1.3: a digest; the secret that belongs to the label; the registers.
    private const int DerivedAt13 = Hash.MaxDigestBytes;
    private const int RegistersAt13 = DerivedAt13 + Hash.MaxDigestBytes;

    private static ReadOnlySpan<byte> Prefix13 => "tls13 "u8;

    /// <summary>The scratch of TLS 1.2; that of TLS 1.3 is the key schedule's.</summary>
    public static int ScratchBytes12(HashAlgorithm hash) => RegistersAt12 + Prf12.ScratchBytes(hash);

    /// <summary>Keeps what TLS 1.2 exports from. RULES 16: nothing without the extended master secret.</summary>
    public static void Keep12(scoped in Connection connection)
    {
        if (!Features.Exporters || !connection.Is(ConnectionFlags.ExtendedMasterSecret) || connection.Buffer[RegionId.ExporterSecret].IsEmpty)
        {
            return;
        }

        Span<byte> kept = connection.Buffer[RegionId.ExporterSecret];
        connection.Buffer[RegionId.MasterSecret].Slice(0, KeySchedule.MasterSecretBytes).CopyTo(kept);
        KeySchedule.BothRandoms(connection).CopyTo(kept.Slice(KeySchedule.MasterSecretBytes));
    }

    /// <summary>Whether there is something to export from.</summary>
    public static bool IsPossible(scoped in Connection connection) =>
        Features.Exporters && connection.State.State == ClientState.Connected && !connection.Buffer[RegionId.ExporterSecret].IsEmpty
        && (connection.Is13 || connection.Is(ConnectionFlags.ExtendedMasterSecret));

    /// <summary>Whether the arguments are such as both versions take: a server's choice of version must not decide that.</summary>
    public static bool AreLegal(scoped in Connection connection, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, bool hasContext, int outputBytes) =>
        IsLegal(label) && context.Length <= ushort.MaxValue && (hasContext || context.IsEmpty)
        && outputBytes > 0 && outputBytes <= MostDigests * Hash.DigestBytes(connection.SuiteHash);

    /// <summary>Fills <paramref name="output"/>. Scratch is the record cipher's, which no other call has something in.</summary>
    public static void Export(scoped in Connection connection, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, bool hasContext, Span<byte> output)
    {
        if (Features.Tls13 && connection.Is13)
        {
            Export13(connection, label, context, output);
        }
        else if (Features.Tls12)
        {
            Export12(connection, label, context, hasContext, output);
        }

        connection.Buffer.Wipe(RegionId.AeadScratch);
    }

    /// <summary>PRF(master_secret, label, client_random + server_random [+ context_value_length + context_value]).</summary>
    private static void Export12(scoped in Connection connection, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, bool hasContext, Span<byte> output)
    {
        ReadOnlySpan<byte> kept = connection.Buffer[RegionId.ExporterSecret];
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        kept.Slice(KeySchedule.MasterSecretBytes, RandomsBytes).CopyTo(scratch);
        BinaryPrimitives.WriteUInt16BigEndian(scratch.Slice(RandomsBytes), (ushort)context.Length);
        Prf12.Expand(
            connection.SuiteHash, kept.Slice(0, KeySchedule.MasterSecretBytes), label,
            scratch.Slice(0, hasContext ? RandomsBytes + sizeof(ushort) : RandomsBytes), context, output, scratch.Slice(RegistersAt12));
    }

    /// <summary>HKDF-Expand-Label(Derive-Secret(exporter_master_secret, label, ""), "exporter", Hash(context_value), length).</summary>
    private static void Export13(scoped in Connection connection, ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        HashAlgorithm hash = connection.SuiteHash;
        int bytes = Hash.DigestBytes(hash);
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Span<byte> digest = scratch.Slice(0, bytes);
        Span<byte> derived = scratch.Slice(DerivedAt13, bytes);
        Span<byte> registers = scratch.Slice(RegistersAt13);
        Digest(hash, default, digest, registers);
        DeriveSecret(hash, connection.Buffer[RegionId.ExporterSecret].Slice(0, bytes), label, digest, derived, registers);
        Digest(hash, context, digest, registers);
        HkdfLabel.Expand(hash, derived, "tls13 exporter"u8, digest, output, registers);
    }

    /// <summary>
    /// Derive-Secret with a label of any length: the one block of HKDF-Expand is the MAC over HkdfLabel and the byte 1, which
    /// takes them in pieces, so that no memory holds the whole.
    /// </summary>
    private static void DeriveSecret(
        HashAlgorithm hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> label, ReadOnlySpan<byte> transcript, Span<byte> derived, Span<byte> registers)
    {
        Span<byte> numbers = derived.Slice(0, 4); // the place of the result, which is written last
        BinaryPrimitives.WriteUInt16BigEndian(numbers, (ushort)derived.Length);
        numbers[2] = (byte)(Prefix13.Length + label.Length);
        Hmac.Initialize(hash, registers, secret);
        Hmac.Update(hash, registers, numbers.Slice(0, 3));
        Hmac.Update(hash, registers, Prefix13);
        Hmac.Update(hash, registers, label);
        numbers[3] = (byte)transcript.Length;
        Hmac.Update(hash, registers, numbers.Slice(3));
        Hmac.Update(hash, registers, transcript);
        numbers[3] = 1;
        Hmac.Update(hash, registers, numbers.Slice(3));
        Hmac.Finish(hash, registers, secret, derived);
    }

    private static void Digest(HashAlgorithm hash, ReadOnlySpan<byte> message, Span<byte> digest, Span<byte> registers)
    {
        Hash.Initialize(hash, registers);
        Hash.Update(hash, registers, message);
        Hash.Finish(hash, registers, digest);
    }

    /// <summary>RFC 5705 §4: printable ASCII. Labels that TLS 1.2 itself gives to its PRF are nobody else's, and none may begin with one.</summary>
    private static bool IsLegal(ReadOnlySpan<byte> label)
    {
        foreach (byte letter in label)
        {
            if (letter is < (byte)' ' or > (byte)'~')
            {
                return false;
            }
        }

        bool reserved = label.StartsWith("client finished"u8) || label.StartsWith("server finished"u8) || label.StartsWith("master secret"u8)
            || label.StartsWith("key expansion"u8) || label.StartsWith("extended master secret"u8);
        return !reserved && label.Length is > 0 and <= MaxLabelBytes;
    }
}
