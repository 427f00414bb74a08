using System;
using System.Buffers.Binary;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// The hash of all handshake messages so far (RFC 5246 §7.4.9). Until ServerHello names the suite, its hash is not
/// known: the bytes wait in the out window, behind ClientHello.
/// </summary>
internal static class Transcript
{
    /// <summary>What of ServerHello, header included, comes before and with the cipher suite: 4 + 2 + 32 + 1 + 32 + 2.</summary>
    public const int MaxHeldServerHelloBytes = 73;

    /// <summary>Takes bytes of a message, either way.</summary>
    public static void Update(scoped in Connection connection, ReadOnlySpan<byte> bytes)
    {
        ref ConnectionState state = ref connection.State;
        if (state.Suite == 0)
        {
            bytes.CopyTo(connection.Buffer[RegionId.OutWindow].Slice(RecordHeader.Bytes + state.HeldBytes));
            state.HeldBytes += (ushort)bytes.Length;
            return;
        }

        Hash.Update(connection.SuiteHash, connection.Buffer[RegionId.Transcript], bytes);
        Span<byte> second = Second(connection);
        if (!second.IsEmpty)
        {
            Hash.Update(OtherThan(connection.SuiteHash), second, bytes);
        }
    }

    /// <summary>Begins hashing, now that the suite is known, with the bytes that waited.</summary>
    public static void Begin(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        Hash.Initialize(connection.SuiteHash, connection.Buffer[RegionId.Transcript]);
        Span<byte> second = Second(connection);
        if (!second.IsEmpty)
        {
            Hash.Initialize(OtherThan(connection.SuiteHash), second);
        }

        Update(connection, connection.Buffer[RegionId.OutWindow].Slice(RecordHeader.Bytes, state.HeldBytes));
        state.HeldBytes = 0;
    }

    /// <summary>
    /// Begins hashing with a HelloRetryRequest (RFC 8446 §4.4.1): its digest stands for the first ClientHello, whose
    /// length its own header tells.
    /// </summary>
    public static void BeginAgain(scoped in Connection connection)
    {
        const int HeaderBytes = 4;
        ref ConnectionState state = ref connection.State;
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> transcript = connection.Buffer[RegionId.Transcript];
        ReadOnlySpan<byte> held = connection.Buffer[RegionId.OutWindow].Slice(RecordHeader.Bytes, state.HeldBytes);
        int helloBytes = HeaderBytes + BinaryPrimitives.ReadUInt16BigEndian(held.Slice(2));
        Span<byte> message = connection.Buffer[RegionId.HashScratch].Slice(0, HeaderBytes + Hash.DigestBytes(hash));
        Hash.Initialize(hash, transcript);
        Hash.Update(hash, transcript, held.Slice(0, helloBytes));
        Hash.Finish(hash, transcript, message.Slice(HeaderBytes));
        message[0] = (byte)HandshakeType.MessageHash;
        message[1] = 0;
        message[2] = 0;
        message[3] = (byte)Hash.DigestBytes(hash);
        Hash.Initialize(hash, transcript);
        Hash.Update(hash, transcript, message);
        Hash.Update(hash, transcript, held.Slice(helloBytes));
        state.HeldBytes = 0;
    }

    /// <summary>
    /// The digest of what was taken so far, under the suite's hash or the second one; hashing goes on unharmed. Works in
    /// the start of <paramref name="scratch"/>, on a copy.
    /// </summary>
    public static void Digest(scoped in Connection connection, HashAlgorithm algorithm, Span<byte> digest, Span<byte> scratch)
    {
        RegionId region = !Features.Sha512 || algorithm == connection.SuiteHash ? RegionId.Transcript : RegionId.SecondTranscript;
        Span<byte> copy = scratch.Slice(0, Hash.StateBytes(algorithm));
        connection.Buffer[region].Slice(0, copy.Length).CopyTo(copy);
        Hash.Finish(algorithm, copy, digest.Slice(0, Hash.DigestBytes(algorithm)));
    }

    /// <summary>
    /// The digest of all messages so far and of the beginning of ClientHello, which is about to follow them: nothing came before
    /// the first one, and a HelloRetryRequest before the second one (RFC 8446 §4.2.11.2). Works in <paramref name="scratch"/>, on a copy.
    /// </summary>
    public static void DigestWith(scoped in Connection connection, HashAlgorithm algorithm, ReadOnlySpan<byte> hello, Span<byte> digest, Span<byte> scratch)
    {
        Span<byte> copy = scratch.Slice(0, Hash.StateBytes(algorithm));
        if (connection.State.Suite == 0)
        {
            Hash.Initialize(algorithm, copy);
        }
        else
        {
            connection.Buffer[RegionId.Transcript].Slice(0, copy.Length).CopyTo(copy);
        }

        Hash.Update(algorithm, copy, hello);
        Hash.Finish(algorithm, copy, digest);
    }

    /// <summary>Whether CertificateVerify can use <paramref name="algorithm"/>: a transcript under it is being kept.</summary>
    public static bool Keeps(scoped in Connection connection, HashAlgorithm algorithm) =>
        algorithm == connection.SuiteHash
        || (algorithm == OtherThan(connection.SuiteHash) && !Second(connection).IsEmpty);

    /// <summary>TLS 1.3 needs none, and a second transcript needs a second hash: where the build has SHA-256 only there is none.</summary>
    private static Span<byte> Second(scoped in Connection connection) =>
        Features.Sha512 && !connection.Is13 ? connection.Buffer[RegionId.SecondTranscript] : default;

    private static HashAlgorithm OtherThan(HashAlgorithm algorithm) =>
        algorithm == HashAlgorithm.Sha256 ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256;
}
