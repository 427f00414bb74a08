using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>A live connection can wait outside memory, sealed, and go on in another process or on another machine (RULES 6).</summary>
public sealed partial class TlsConnection
{
    /// <summary>Drawn for each parking, so that no two are ever sealed under one key, whatever the stores count.</summary>
    private const int SaltBytes = 32;

    /// <summary>
    /// Seals the connection under <paramref name="key"/> (32 secret bytes), wipes its memory, and gives the sealed bytes to
    /// <paramref name="store"/>. This object is over then: dispose of it. The transport is the caller's, who hands it on to
    /// whoever resumes. Where the store fails to keep the bytes, the connection is lost: it is never in two places.
    /// </summary>
    /// <exception cref="InvalidOperationException">The connection is not open, or stands in the midst of something: the message says what to do. It goes on.</exception>
    public async ValueTask ParkAsync(IParkedConnectionStore store, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        RequireKey(key);
        ulong generation = await store.NextGenerationAsync(cancellationToken).ConfigureAwait(false);
        byte[] parked = Park(key.Span, generation);
        await store.PutAsync(new ParkedConnection(generation, parked), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes a parked connection from <paramref name="store"/> and goes on with it over <paramref name="transport"/>, which
    /// must be where the server goes on, too. Null where none is parked, or somebody else has taken it.
    /// </summary>
    /// <param name="options">The same profile as before; the credentials are not used again.</param>
    /// <param name="transport">The same bytes go on in it, both ways.</param>
    /// <param name="store">Where the connection was parked.</param>
    /// <param name="key">The key that it was parked under.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <exception cref="TlsFaultException">The bytes or the key are not those of <see cref="ParkAsync"/>, or the profile is another.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Given to the caller, or disposed of on every other way out.")]
    public static async ValueTask<TlsConnection?> ResumeAsync(
        TlsConnectionOptions options, Stream transport, IParkedConnectionStore store, ReadOnlyMemory<byte> key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        RequireKey(key);
        var connection = new TlsConnection(options, transport, offersSession: false); // what can fail fails before the connection is taken
        bool resumed = false;
        try
        {
            ParkedConnection? parked = await store.TakeAsync(cancellationToken).ConfigureAwait(false);
            if (parked is null)
            {
                return null;
            }

            connection.Resume(parked, key.Span);
            resumed = true;
            return connection;
        }
        finally
        {
            if (!resumed)
            {
                connection.Dispose();
            }
        }
    }

    private static void RequireKey(ReadOnlyMemory<byte> key)
    {
        if (key.Length != TlsClient.ParkingKeyBytes || !key.Span.ContainsAnyExcept(key.Span[0]))
        {
            throw new ArgumentException($"A key for parking has {TlsClient.ParkingKeyBytes} random bytes; this one has {key.Length}, or repeats one byte.", nameof(key));
        }
    }

    private byte[] Park(ReadOnlySpan<byte> key, ulong generation)
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

    private void Resume(ParkedConnection parked, ReadOnlySpan<byte> key)
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

    private static InvalidOperationException InTheWay(ParkStatus status) => new(status switch
    {
        ParkStatus.InputPending => "Bytes of the server wait to be read, or a record has come in part: read on, then park.",
        ParkStatus.SessionWaiting => "A new session waits: take it, then park.",
        ParkStatus.OutputPending => "Bytes wait to be sent: read or write on, then park.",
        _ => "Only an open connection can be parked: the handshake is not complete, or one side has closed.",
    });
}
