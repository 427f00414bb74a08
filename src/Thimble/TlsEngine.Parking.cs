using System;
using System.Security.Cryptography;
using Thimble.Tls;

namespace Thimble;

/// <summary>A live connection leaves its memory, or comes into it (RULES 6).</summary>
internal sealed partial class TlsEngine
{
    /// <summary>Drawn for each parking, so that no two are ever sealed under one key, whatever the stores count.</summary>
    private const int SaltBytes = 32;

    /// <summary>Seals the connection, wipes it here, and disposes of the engine.</summary>
    /// <exception cref="InvalidOperationException">It is not open, or stands in the midst of something; it goes on.</exception>
    public byte[] Park(ReadOnlySpan<byte> key, ulong generation)
    {
        lock (_gate)
        {
            if (_receivedStart < _receivedEnd || _provisional || _large.IsGathering || _large.IsVerified)
            {
                throw InTheWay(ParkStatus.InputPending);
            }

            using var salted = new PlanBuffer(TlsClient.ParkingKeyBytes);
            using var sealedBytes = new PlanBuffer(PlanCache.Of(_profile).ParkedBytes);
            Span<byte> salt = stackalloc byte[SaltBytes];
            RandomNumberGenerator.Fill(salt);
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, salted.Span, salt, "Thimble parking"u8);
            TlsClient tls = Lens();
            ParkStatus status = tls.Park(salted.Span, generation, sealedBytes.Span, out int written);
            if (status != ParkStatus.Parked)
            {
                throw InTheWay(status);
            }

            Dispose();
            return [.. salt, .. sealedBytes.Span[..written]];
        }
    }

    /// <summary>Goes on with a parked connection.</summary>
    /// <exception cref="TlsFaultException">The bytes or the key are not those of the parking, or the profile is another.</exception>
    public void Resume(ParkedConnection parked, ReadOnlySpan<byte> key)
    {
        lock (_gate)
        {
            ReadOnlySpan<byte> bytes = parked.Bytes.Span;
            ReadOnlySpan<byte> salt = bytes[..Math.Min(SaltBytes, bytes.Length)];
            using var salted = new PlanBuffer(TlsClient.ParkingKeyBytes);
            using var opened = new PlanBuffer(Math.Max(1, bytes.Length - salt.Length));
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, salted.Span, salt, "Thimble parking"u8);
            bytes[salt.Length..].CopyTo(opened.Span);
            TlsClient tls = Lens();
            if (tls.Resume(salted.Span, parked.Generation, opened.Span) != TlsStatus.Complete)
            {
                throw Failed();
            }
        }
    }

    private static InvalidOperationException InTheWay(ParkStatus status) => new(status switch
    {
        ParkStatus.InputPending => "Bytes of the server wait to be read, or a record has come in part: read on, then park.",
        ParkStatus.SessionWaiting => "A new session waits: take it, then park.",
        ParkStatus.OutputPending => "Bytes wait to be sent: read or write on, then park.",
        _ => "Only an open connection can be parked: the handshake is not complete, or one side has closed.",
    });
}
