using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using Thimble.Tls;

namespace Thimble;

/// <summary>The engine's steps with synchronous I/O between them.</summary>
public sealed partial class TlsConnection
{
    /// <summary>Performs the handshake. Where the client's key is kept elsewhere, its <see cref="ClientSigner"/> is asked in between.</summary>
    /// <exception cref="TlsFaultException">The handshake failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time. The connection is over.</exception>
    public void Handshake()
    {
        BeginHandshake();
        try
        {
            RunHandshake();
        }
        catch (Exception e)
        {
            EndHandshake(e);
            throw;
        }

        EndHandshake(null);
    }

    /// <summary>Reads application data whose tag verified. 0 is the peer's orderly close, or where nothing was asked for, that data waits.</summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time. The connection goes on.</exception>
    /// <exception cref="InvalidOperationException">The other overload is in the middle of a record, or another read runs.</exception>
    public int Read(Span<byte> destination)
    {
        _reader.Take();
        try
        {
            Deadline deadline = Begin(ReadLimit);
            while (true)
            {
                EngineStep step = _engine.Read(destination, out int bytes);
                SendOwed(deadline);
                if (step != EngineStep.NeedsInput)
                {
                    ConnectionTelemetry.Read(bytes);
                    return step == EngineStep.Done ? bytes : throw Failed();
                }

                Receive(deadline);
            }
        }
        finally
        {
            _reader.Leave();
        }
    }

    /// <summary>
    /// Reads application data as it comes, even before its tag, where <see cref="TlsConnectionOptions.AcceptLargeRecords"/> allows
    /// it. <see cref="TlsStatus.Complete"/>: <paramref name="bytes"/> verified ones were read;
    /// <see cref="TlsStatus.Provisional"/>: so many that nobody vouches for yet, and must be possible to forget;
    /// <see cref="TlsStatus.Committed"/>: so many more, and with them all since the first provisional ones are verified;
    /// <see cref="TlsStatus.Withdrawn"/>: those are to be forgotten, and the connection goes on; <see cref="TlsStatus.Closed"/>:
    /// the peer's orderly close. An exception means that they are to be forgotten, too.
    /// </summary>
    /// <exception cref="TlsFaultException">The connection failed; the message says why.</exception>
    /// <exception cref="TransportException">The peer gave no answer in time. Behind provisional bytes the connection is over then.</exception>
    /// <exception cref="InvalidOperationException">The other overload is in the middle of a record, or another read runs; nothing has changed.</exception>
    public TlsStatus Read(Span<byte> destination, out int bytes)
    {
        _reader.Take();
        try
        {
            Deadline deadline = Begin(ReadLimit);
            while (true)
            {
                EngineStep step = _engine.ReadPiece(destination, out TlsStatus status, out bytes);
                SendOwed(deadline);
                switch (step)
                {
                    case EngineStep.Done:
                        ConnectionTelemetry.Read(bytes);
                        return status;
                    case EngineStep.Failed:
                        throw Failed();
                    case EngineStep.NeedsInput:
                        Receive(deadline);
                        break;
                    default:
                        break;
                }
            }
        }
        catch (TransportException)
        {
            _engine.GiveUpProvisional();
            throw;
        }
        finally
        {
            _reader.Leave();
        }
    }

    /// <summary>Seals and sends <paramref name="data"/>.</summary>
    /// <exception cref="TlsFaultException">The connection failed or is closed; the message says why.</exception>
    /// <exception cref="TransportException">
    /// The transport took no more, and what the server said last can still be read; or not in time, and the connection is over.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another write runs.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        _writer.Take();
        try
        {
            Deadline deadline = Begin(WriteLimit);
            if (!_sending.Wait(deadline.Left))
            {
                throw TimedOut(deadline.Limit);
            }

            try
            {
                EngineStep step;
                do
                {
                    step = _engine.Write(data, out int consumed);
                    data = data[consumed..];
                    ConnectionTelemetry.Written(consumed);
                    SendOfWrite(deadline);
                    ThrowUnlessSent(step);
                }
                while (step == EngineStep.Continue);
            }
            finally
            {
                _sending.Release();
                SendOwed(deadline);
            }
        }
        finally
        {
            _writer.Leave();
        }
    }

    /// <summary>
    /// Sends close_notify and waits, no longer than two seconds, for the peer's. Whatever the server does is no error any more.
    /// </summary>
    public void Close()
    {
        Deadline deadline = Begin(s_farewell);
        if (SendClose(deadline, deadline.Left))
        {
            Drain(deadline);
        }
    }

    /// <summary>Sends close_notify, unless somebody else is sending.</summary>
    internal void SayGoodbye()
    {
        try
        {
            _ = SendClose(Begin(s_farewell), TimeSpan.Zero);
        }
        catch (ObjectDisposedException)
        {
            // Somebody was quicker.
        }
    }

    private bool SendClose(Deadline deadline, TimeSpan patience)
    {
        if (!_sending.Wait(patience))
        {
            return false;
        }

        try
        {
            EngineStep step;
            do
            {
                step = _engine.Close();
                Send(deadline);
            }
            while (step == EngineStep.Continue);
            return true;
        }
        catch (TransportException)
        {
            return false;
        }
        finally
        {
            _sending.Release();
        }
    }

    private void RunHandshake()
    {
        Deadline deadline = Begin(_options.Timeout);
        while (true)
        {
            EngineStep step = _engine.Handshake();
            Send(deadline);
            switch (step)
            {
                case EngineStep.Done:
                    return;
                case EngineStep.Failed:
                    throw Failed();
                case EngineStep.NeedsInput:
                    Receive(deadline);
                    break;
                case EngineStep.NeedsSignature when !ProvideSignature(deadline):
                    deadline = Begin(s_farewell); // so that the server hears of it even when the time is over
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Asks the signer, while the engine rests. False where it did not sign: what it throws becomes the cause of the fault that its silence is.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A signer is the user's code and may throw anything; all of it ends the handshake in a fault that carries it.")]
    private bool ProvideSignature(Deadline deadline)
    {
        try
        {
            TimeSpan patience = deadline.Left == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : deadline.Left;
            _engine.ProvideSignature(_options.Credentials.ClientSigner!.Sign(_engine.AskedSignature(), patience), null);
            return true;
        }
        catch (Exception e)
        {
            _engine.ProvideSignature([], e);
            return false;
        }
    }

    /// <summary>Reads what the peer still says, so that its close_notify is seen and the TCP connection ends without a reset; unless somebody else reads.</summary>
    private void Drain(Deadline deadline)
    {
        if (!_reader.TryTake())
        {
            return;
        }

        try
        {
            while (_engine.Drain() == EngineStep.NeedsInput)
            {
                Receive(deadline);
            }
        }
        catch (TransportException)
        {
            // The peer says nothing more. Our side is closed in good order, and that is all there is to do.
        }
        finally
        {
            _reader.Leave();
        }
    }

    /// <summary>
    /// Sends what the engine owes, unless somebody else is sending, who will do it. A failure shows itself at the next write: the
    /// reader has its data, or its fault.
    /// </summary>
    private void SendOwed(Deadline deadline)
    {
        while (_engine.OwesOutput && _sending.Wait(0))
        {
            try
            {
                EngineStep step;
                do
                {
                    step = _engine.Flush();
                    Send(deadline);
                }
                while (step == EngineStep.Continue);
            }
            catch (TransportException)
            {
                // Noted.
            }
            finally
            {
                _sending.Release();
            }
        }
    }

    private void SendOfWrite(Deadline deadline)
    {
        try
        {
            Send(deadline);
        }
        catch (TransportException)
        {
            _engine.Abandon(WriteGivenUp);
            throw;
        }
    }

    /// <summary>Sends what the last step gave. A transport that takes no more is noted: its peer may have said why.</summary>
    /// <exception cref="TransportException">Not in time.</exception>
    private void Send(Deadline deadline)
    {
        ReadOnlyMemory<byte> bytes = _engine.Outgoing;
        try
        {
            if (!bytes.IsEmpty && _sendFailure is null)
            {
                LimitTransport(deadline, sending: true);
                _transport.Write(bytes.Span);
                _transport.Flush();
                _telemetry.Sent(bytes.Span);
            }
        }
        catch (Exception e) when (NoteSendFailure(e))
        {
            if (IsTimeout(e))
            {
                throw TimedOut(deadline.Limit, e);
            }
        }
        finally
        {
            _engine.Sent();
        }
    }

    /// <summary>Waits for bytes, or the end of the transport, orderly or not.</summary>
    /// <exception cref="TransportException">Neither came in time.</exception>
    private void Receive(Deadline deadline)
    {
        int bytes = 0;
        Memory<byte> room = default;
        try
        {
            LimitTransport(deadline, sending: false);
            room = _engine.Room();
            bytes = _transport.Read(room.Span);
        }
        catch (IOException e) when (!IsTimeout(e))
        {
            _receiveFailure = e;
        }
        catch (IOException e)
        {
            throw TimedOut(deadline.Limit, e);
        }

        _telemetry.Received(room.Span[..bytes]);
        _engine.Receive(bytes);
    }

    private static bool IsTimeout(Exception e) => e.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock };

    private Deadline Begin(TimeSpan limit) => new(_options.TimeProvider, limit);

    /// <summary>Gives the transport what is left of the time: a peer that sends one byte now and then does not extend it.</summary>
    private void LimitTransport(Deadline deadline, bool sending)
    {
        if (!_transport.CanTimeout)
        {
            return;
        }

        TimeSpan left = deadline.Left;
        if (left == TimeSpan.Zero)
        {
            throw TimedOut(deadline.Limit);
        }

        int milliseconds = left == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)Math.Clamp(Math.Ceiling(left.TotalMilliseconds), 1, int.MaxValue);
        if (sending)
        {
            _transport.WriteTimeout = milliseconds;
        }
        else
        {
            _transport.ReadTimeout = milliseconds;
        }
    }
}
