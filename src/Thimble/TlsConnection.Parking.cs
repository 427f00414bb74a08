using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tls;

namespace Thimble;

/// <summary>A live connection can wait outside memory, sealed, and go on in another process or on another machine (RULES 6).</summary>
public sealed partial class TlsConnection
{
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
        byte[] parked;
        TakeBothTurns();
        try
        {
            parked = _engine.Park(key.Span, generation);
        }
        finally
        {
            LeaveBothTurns();
        }

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
        var connection = new TlsConnection(options, transport, leaveTransportOpen: true, offersSession: false); // what can fail fails before the connection is taken
        bool resumed = false;
        try
        {
            ParkedConnection? parked = await store.TakeAsync(cancellationToken).ConfigureAwait(false);
            if (parked is null)
            {
                return null;
            }

            connection._engine.Resume(parked, key.Span);
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
}
