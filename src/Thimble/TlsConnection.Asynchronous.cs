using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tls;

namespace Thimble;

/// <summary>The engine's steps with asynchronous I/O between them.</summary>
public sealed partial class TlsConnection
{
    /// <summary>
    /// Connects to <paramref name="host"/> by TCP and performs the handshake. The connection owns its transport.
    /// </summary>
    /// <exception cref="TransportException">There is no connection, or no answer in time; the message says why.</exception>
    /// <exception cref="TlsFaultException">The handshake failed; the message says why.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The connection owns it.")]
    public static async Task<TlsConnection> ConnectAsync(
        string host, int port, TlsConnectionOptions options, TcpOptions? tcp = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Stream transport = await TcpTransport.ConnectAsync(host, port, tcp ?? new TcpOptions { TimeProvider = options.TimeProvider }, cancellationToken).ConfigureAwait(false);
        return await HandshakeOverAsync(transport, options, leaveTransportOpen: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Performs the handshake, within <see cref="TlsConnectionOptions.Timeout"/>. Cancelling it ends the connection.</summary>
    /// <exception cref="TlsFaultException">The handshake failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time. The connection is over.</exception>
    /// <exception cref="OperationCanceledException">The token ended it. The connection is over.</exception>
    public async Task HandshakeAsync(CancellationToken cancellationToken = default)
    {
        BeginHandshake();
        try
        {
            using var patience = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
            if (!await RunHandshakeAsync(patience, cancellationToken).ConfigureAwait(false))
            {
                using var farewell = new CancellationTokenSource(s_farewell, _options.TimeProvider); // so that the server hears of it even when the time is over
                _ = await RunHandshakeAsync(farewell, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            EndHandshake(e);
            throw;
        }

        EndHandshake(null);
    }

    /// <summary>
    /// Reads application data whose tag verified; 0 is the peer's orderly close. With an empty <paramref name="destination"/> it
    /// waits for data, holds no buffer meanwhile, and takes nothing. When it is cancelled, nothing is lost and the connection goes on.
    /// </summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    /// <exception cref="InvalidOperationException">Another read runs, or <see cref="ReadPieceAsync"/> is in the middle of a record.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        _reader.Take();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                EngineStep step = _engine.Read(destination.Span, out int bytes);
                if (step == EngineStep.Done)
                {
                    SendOwedSoon();
                    ConnectionTelemetry.Read(bytes);
                    return bytes;
                }

                await AwaitInputAsync(step, destination.IsEmpty, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _reader.Leave();
        }
    }

    /// <summary>
    /// Reads application data as it comes, even before its tag: see <see cref="Read(Span{byte}, out int)"/> for what each status means. An
    /// exception means that provisional bytes are to be forgotten, and behind them cancellation ends the connection.
    /// </summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The token ended the wait.</exception>
    /// <exception cref="InvalidOperationException">Another read runs, or <see cref="ReadAsync"/> is in the middle of a record; nothing has changed.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TlsPiece> ReadPieceAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        _reader.Take();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                EngineStep step = _engine.ReadPiece(destination.Span, out TlsStatus status, out int bytes);
                if (step == EngineStep.Done)
                {
                    SendOwedSoon();
                    ConnectionTelemetry.Read(bytes);
                    return new TlsPiece(status, bytes);
                }

                await AwaitInputAsync(step, destination.IsEmpty, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            _engine.GiveUpProvisional();
            throw;
        }
        finally
        {
            _reader.Leave();
        }
    }

    /// <summary>
    /// Seals and sends <paramref name="data"/>. Cancelled before its first record was sealed it changes nothing; later it ends the
    /// connection, because the server may have a record in part.
    /// </summary>
    /// <exception cref="TlsFaultException">The connection failed or is closed; the message says why.</exception>
    /// <exception cref="TransportException">The transport took no more. What the server said last can still be read.</exception>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    /// <exception cref="InvalidOperationException">Another write runs.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        _writer.Take();
        try
        {
            await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                EngineStep step;
                do
                {
                    step = _engine.Write(data.Span, out int consumed);
                    data = data[consumed..];
                    ConnectionTelemetry.Written(consumed);
                    await SendAsync(cancellationToken).ConfigureAwait(false);
                    ThrowUnlessSent(step);
                }
                while (step == EngineStep.Continue);
            }
            catch (OperationCanceledException)
            {
                _engine.Abandon(WriteGivenUp);
                throw;
            }
            finally
            {
                _sending.Release();
                SendOwedSoon();
            }
        }
        finally
        {
            _writer.Leave();
        }
    }

    /// <summary>
    /// Sends close_notify, behind a write that is in progress, and waits, no longer than two seconds, for the server's; a read in
    /// progress sees that. Whatever the server does is no error any more.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token ended it. The connection may still be disposed of.</exception>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        using var patience = new CancellationTokenSource(s_farewell, _options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await SendCloseAsync(linked.Token).ConfigureAwait(false);
            await DrainAsync(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The peer says nothing more. Our side is closed as well as can be.
        }
    }

    /// <summary>A connection whose handshake is complete. Where it fails, a transport that is not to be left open is disposed of.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Given to the caller, or disposed of on every other way out.")]
    internal static async Task<TlsConnection> HandshakeOverAsync(Stream transport, TlsConnectionOptions options, bool leaveTransportOpen, CancellationToken cancellationToken)
    {
        TlsConnection? connection = null;
        bool complete = false;
        try
        {
            connection = new TlsConnection(options, transport, leaveTransportOpen);
            await connection.HandshakeAsync(cancellationToken).ConfigureAwait(false);
            complete = true;
            return connection;
        }
        finally
        {
            if (!complete)
            {
                connection?.Dispose();
                if (!leaveTransportOpen && transport is not null)
                {
                    await transport.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Sends close_notify, and gives that up after two seconds.</summary>
    internal async Task SayGoodbyeAsync()
    {
        using var patience = new CancellationTokenSource(s_farewell, _options.TimeProvider);
        try
        {
            await SendCloseAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The peer hears nothing of it, or somebody was quicker.
        }
    }

    /// <summary>False where the signer did not sign, and the server is to be told with new patience.</summary>
    private async Task<bool> RunHandshakeAsync(CancellationTokenSource patience, CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            while (true)
            {
                EngineStep step = _engine.Handshake();
                await SendAsync(linked.Token).ConfigureAwait(false);
                switch (step)
                {
                    case EngineStep.Done:
                        return true;
                    case EngineStep.Failed:
                        throw Failed();
                    case EngineStep.NeedsInput:
                        await ReceiveAsync(waits: false, linked.Token).ConfigureAwait(false);
                        break;
                    case EngineStep.NeedsSignature when !await ProvideSignatureAsync(linked.Token, cancellationToken).ConfigureAwait(false):
                        return false;
                    default:
                        break;
                }
            }
        }
        catch (OperationCanceledException e)
        {
            _engine.Abandon(HandshakeGivenUp);
            cancellationToken.ThrowIfCancellationRequested();
            throw TimedOut(_options.Timeout, e);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A signer is the user's code and may throw anything; all of it ends the handshake in a fault that carries it.")]
    private async Task<bool> ProvideSignatureAsync(CancellationToken end, CancellationToken cancellationToken)
    {
        try
        {
            _engine.ProvideSignature(await _options.Credentials.ClientSigner!.SignAsync(_engine.AskedSignature(), end).ConfigureAwait(false), null);
            return true;
        }
        catch (Exception e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _engine.ProvideSignature([], e);
            return false;
        }
    }

    /// <summary>Sends what a step of reading left to be sent, and waits for what it needs.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AwaitInputAsync(EngineStep step, bool waits, CancellationToken cancellationToken)
    {
        if (step == EngineStep.Failed)
        {
            await SendAlertAsync().ConfigureAwait(false);
            throw Failed();
        }

        SendOwedSoon();
        if (step == EngineStep.NeedsInput)
        {
            await ReceiveAsync(waits, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Whoever is told of a fault may close the transport at once, so the alert goes first, unless the server takes nothing.</summary>
    private async Task SendAlertAsync()
    {
        try
        {
            await SendOwedAsync().WaitAsync(s_farewell, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The server does not hear of it.
        }
    }

    private async Task SendCloseAsync(CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            EngineStep step;
            do
            {
                step = _engine.Close();
                await SendAsync(cancellationToken).ConfigureAwait(false);
            }
            while (step == EngineStep.Continue);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        if (!_reader.TryTake())
        {
            return;
        }

        try
        {
            while (_engine.Drain() == EngineStep.NeedsInput)
            {
                await ReceiveAsync(waits: false, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _reader.Leave();
        }
    }

    /// <summary>
    /// Sends what the engine owes without making a reader wait for it: a server that does not read until we do would never let
    /// either go on.
    /// </summary>
    private void SendOwedSoon()
    {
        if (_engine.OwesOutput)
        {
            _ = SendOwedAsync();
        }
    }

    /// <summary>Sends what the engine owes, unless somebody else is sending, who will do it. A failure shows itself at the next write.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Nobody waits for an answer that goes out beside a read; what fails is noted, and the next write tells.")]
    private async Task SendOwedAsync()
    {
        while (_engine.OwesOutput && await _sending.WaitAsync(0).ConfigureAwait(false))
        {
            try
            {
                EngineStep step;
                do
                {
                    step = _engine.Flush();
                    await SendAsync(CancellationToken.None).ConfigureAwait(false);
                }
                while (step == EngineStep.Continue);
            }
            catch (Exception)
            {
                return; // noted
            }
            finally
            {
                _sending.Release();
            }
        }
    }

    /// <summary>Sends what the last step gave. A transport that takes no more is noted: its peer may have said why.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes = _engine.Outgoing;
        try
        {
            if (!bytes.IsEmpty && _sendFailure is null)
            {
                await _transport.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
                await _transport.FlushAsync(cancellationToken).ConfigureAwait(false);
                _telemetry.Sent(bytes.Span);
            }
        }
        catch (Exception e) when (NoteSendFailure(e))
        {
            // The next write tells, or what the server still says.
        }
        finally
        {
            _engine.Sent();
        }
    }

    /// <summary>Waits for bytes, or the end of the transport, orderly or not.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync(bool waits, CancellationToken cancellationToken)
    {
        int bytes = 0;
        Memory<byte> room = default;
        try
        {
            if (waits)
            {
                _ = await _transport.ReadAsync(Memory<byte>.Empty, cancellationToken).ConfigureAwait(false);
            }

            room = _engine.Room();
            bytes = await _transport.ReadAsync(room, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            _receiveFailure = e;
        }

        _telemetry.Received(room.Span[..bytes]);
        _engine.Receive(bytes);
    }
}
