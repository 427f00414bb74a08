using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// A <see cref="TlsConnection"/> as a <see cref="Stream"/>, to be used where <see cref="SslStream"/> would be. In
/// <c>SocketsHttpHandler.ConnectCallback</c> return one for an address that begins with <c>http://</c>: for <c>https://</c> the
/// handler would put TLS of its own above it.
/// </summary>
/// <remarks>
/// Reads, writes and their rules are those of <see cref="TlsConnection"/>: one read and one write may overlap; cancelling a read loses nothing,
/// cancelling a write ends the connection. What is a <see cref="ThimbleException"/> there is an <see cref="IOException"/> here, with the
/// same message and that exception inside, as users of streams expect. Each write becomes records at once; <see cref="Flush"/> has
/// nothing left to do. Disposing sends close_notify where that is possible without a wait, and does not wait for the server's.
/// </remarks>
public sealed class ThimbleStream : Stream
{
    private readonly TlsConnection _connection;
    private readonly bool _leaveConnectionOpen;
    private bool _disposed;

    /// <summary>A stream over a connection whose handshake is complete, which is disposed of with it unless told otherwise.</summary>
    public ThimbleStream(TlsConnection connection, bool leaveConnectionOpen = false)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        _leaveConnectionOpen = leaveConnectionOpen;
        connection.ReadLimit = Timeout.InfiniteTimeSpan;
        connection.WriteLimit = Timeout.InfiniteTimeSpan;
    }

    /// <summary>
    /// Performs the handshake over <paramref name="innerStream"/>, which is disposed of with the new stream, and when the handshake fails, unless
    /// <paramref name="leaveInnerStreamOpen"/> is set.
    /// </summary>
    /// <exception cref="TlsFaultException">The handshake failed; the message says why.</exception>
    /// <exception cref="TransportException">The server gave no answer in time.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "Given to the caller, or disposed of on every other way out.")]
    public static async Task<ThimbleStream> AuthenticateAsync(
        Stream innerStream, TlsConnectionOptions options, bool leaveInnerStreamOpen = false, CancellationToken cancellationToken = default) =>
        new(await TlsConnection.HandshakeOverAsync(innerStream, options, leaveInnerStreamOpen, cancellationToken).ConfigureAwait(false));

    /// <summary>Connects to <paramref name="host"/> by TCP and performs the handshake.</summary>
    /// <exception cref="TransportException">There is no connection, or no answer in time; the message says why.</exception>
    /// <exception cref="TlsFaultException">The handshake failed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public static async Task<ThimbleStream> ConnectAsync(
        string host, int port, TlsConnectionOptions options, TcpOptions? tcp = null, CancellationToken cancellationToken = default) =>
        new(await TlsConnection.ConnectAsync(host, port, options, tcp, cancellationToken).ConfigureAwait(false));

    /// <summary>The connection beneath.</summary>
    public TlsConnection Connection => _connection;

    /// <summary>The application protocol that both sides agreed on, or default.</summary>
    public SslApplicationProtocol NegotiatedApplicationProtocol => _connection.NegotiatedApplicationProtocol;

    /// <summary>The version of TLS, in the words of .NET.</summary>
    public SslProtocols SslProtocol => _connection.Version switch
    {
        TlsVersions.Tls13 => SslProtocols.Tls13,
        TlsVersions.Tls12 => SslProtocols.Tls12,
        _ => SslProtocols.None,
    };

    /// <summary>The cipher suite, in the words of .NET.</summary>
    public TlsCipherSuite NegotiatedCipherSuite => (TlsCipherSuite)_connection.Suite;

    /// <inheritdoc/>
    public override bool CanRead => !_disposed;

    /// <inheritdoc/>
    public override bool CanWrite => !_disposed;

    /// <summary>Never.</summary>
    public override bool CanSeek => false;

    /// <summary>Whether the stream beneath can time out.</summary>
    public override bool CanTimeout => _connection.CanTimeout;

    /// <summary>
    /// The longest that a synchronous read may wait, in milliseconds; at first <see cref="Timeout.Infinite"/>. A read that
    /// took too long has taken nothing, and the connection goes on.
    /// </summary>
    public override int ReadTimeout
    {
        get => Milliseconds(_connection.ReadLimit);
        set => _connection.ReadLimit = Limit(value);
    }

    /// <summary>The longest that a synchronous write may take, in milliseconds; at first <see cref="Timeout.Infinite"/>. It ends the connection.</summary>
    public override int WriteTimeout
    {
        get => Milliseconds(_connection.WriteLimit);
        set => _connection.WriteLimit = Limit(value);
    }

    /// <summary>Not supported.</summary>
    public override long Length => throw new NotSupportedException("A network stream has no length.");

    /// <summary>Not supported.</summary>
    public override long Position
    {
        get => throw new NotSupportedException("A network stream has no position.");
        set => throw new NotSupportedException("A network stream has no position.");
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return _connection.Read(buffer);
        }
        catch (ThimbleException e)
        {
            throw Failed(e);
        }
    }

    /// <inheritdoc/>
    public override int ReadByte()
    {
        Span<byte> one = stackalloc byte[1];
        return Read(one) == 0 ? -1 : one[0];
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ValueTask<int> read = _connection.ReadAsync(buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? read : Explained(read);
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            _connection.Write(buffer);
        }
        catch (ThimbleException e)
        {
            throw Failed(e);
        }
    }

    /// <inheritdoc/>
    public override void WriteByte(byte value) => Write([value]);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ValueTask write = _connection.WriteAsync(buffer, cancellationToken);
        return write.IsCompletedSuccessfully ? write : Explained(write);
    }

    /// <inheritdoc/>
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    /// <inheritdoc/>
    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    /// <summary>Nothing waits here.</summary>
    public override void Flush() => ObjectDisposedException.ThrowIf(_disposed, this);

    /// <summary>Nothing waits here.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return cancellationToken.IsCancellationRequested ? Task.FromCanceled(cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Not supported.</summary>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("A network stream cannot seek.");

    /// <summary>Not supported.</summary>
    public override void SetLength(long value) => throw new NotSupportedException("A network stream has no length.");

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            if (!_leaveConnectionOpen)
            {
                await _connection.SayGoodbyeAsync().ConfigureAwait(false);
                await _connection.DisposeAsync().ConfigureAwait(false);
            }
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            if (!_leaveConnectionOpen)
            {
                _connection.SayGoodbye();
                _connection.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<int> Explained(ValueTask<int> read)
    {
        try
        {
            return await read.ConfigureAwait(false);
        }
        catch (ThimbleException e)
        {
            throw Failed(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask Explained(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (ThimbleException e)
        {
            throw Failed(e);
        }
    }

    private static IOException Failed(ThimbleException e) => new(e.Message, e);

    private static int Milliseconds(TimeSpan limit) => limit == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)limit.TotalMilliseconds;

    private static TimeSpan Limit(int milliseconds) => milliseconds is Timeout.Infinite or > 0
        ? TimeSpan.FromMilliseconds(milliseconds)
        : throw new ArgumentOutOfRangeException(nameof(milliseconds), milliseconds, "A time-out is more than 0 milliseconds, or Timeout.Infinite.");
}
