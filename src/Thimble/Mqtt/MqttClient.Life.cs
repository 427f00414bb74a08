using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>The life of a client: states, connections made and made again, the end.</summary>
public sealed partial class MqttClient
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly MqttClientOptions _options;
    private readonly MqttSessionMemory _memory;
    private readonly MqttInbox _inbox;
    private readonly MqttMetrics _metrics;
    private readonly MqttLog _log;
    private readonly SessionCache? _sessions;
    private readonly ITimer _timer;
    private readonly long _epoch;
    private volatile MqttConnectionState _state;
    private volatile MqttConnectResult? _connection;
    private MqttLink? _link;
    private CancellationTokenSource _life = new();
    private volatile Task _running = Task.CompletedTask;
    private Task _told = Task.CompletedTask;
    private Task? _disposing;
    private Uri _server;
    private bool _hasSession;
    private int _links;

    /// <summary>Makes a client, which does nothing before <see cref="ConnectAsync"/>. The options, and what they name, must not change from then on.</summary>
    /// <exception cref="ArgumentException">The options contradict themselves; the message says how.</exception>
    public MqttClient(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MqttOptionRules.Check(options);
        _options = options;
        _server = options.Server;
        _memory = new MqttSessionMemory(options);
        _inbox = new MqttInbox(this, options.ReceiveQueue);
        _metrics = new MqttMetrics(options.MeterFactory);
        _log = new MqttLog(options.Logger);
        _sessions = options.Tls is null ? new SessionCache(4) : null;
        _runner = new ContinuationRunner(this);
        _outbox = new OutgoingMessage?[options.MaxInFlight];
        _order = new AcknowledgementOrder(options.ReceiveMaximum);
        for (uint token = (uint)options.MaxInFlight; token-- > 0;)
        {
            _freeTokens.Push(token);
        }

        _epoch = options.TimeProvider.GetTimestamp();
        _timer = options.TimeProvider.CreateTimer(static client => ((MqttClient)client!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Texts of topics.</summary>
    internal TopicTable Topics { get; } = new();

    private async Task<MqttConnectResult> StartAsync(CancellationToken cancellationToken)
    {
        CancellationTokenSource life;
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing is not null, this);
            if (_state != MqttConnectionState.Disconnected)
            {
                throw new InvalidOperationException($"The client is {_state} already.");
            }

            _life = life = new CancellationTokenSource();
            _running = started.Task;
            _server = _options.Server;
            _inbox.Open();
            Change(MqttConnectionState.Connecting, null);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(life.Token, cancellationToken);
        try
        {
            MqttLink link = _options.Reconnect is { AlsoFirst: true }
                ? await RetryAsync(null, first: true, either.Token).ConfigureAwait(false)
                : await OpenAsync(first: true, either.Token).ConfigureAwait(false);
            lock (_gate)
            {
                _running = RunAsync(link, life.Token);
            }

            return await link.Accepted.Task.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            bool stopped = e is OperationCanceledException && life.IsCancellationRequested;
            GiveUp(stopped ? null : e);
            throw stopped ? MqttExplanations.Closed("connecting") : e is OperationCanceledException ? new OperationCanceledException(e.Message, e, cancellationToken) : e;
        }
        finally
        {
            started.SetResult();
        }
    }

    /// <summary>Watches over the connection, and makes the next when it ends.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the last attempt is told to all who wait.")]
    private async Task RunAsync(MqttLink link, CancellationToken life)
    {
        while (true)
        {
            Exception? cause;
            using (life.UnsafeRegister(static over => ((MqttLink)over!).Ended.TrySetResult(null), link))
            {
                cause = await link.Ended.Task.ConfigureAwait(false);
            }

            await CloseAsync(link).ConfigureAwait(false);
            bool renews = link is { IsRenewing: true, IsLeaving: false };
            cause = link.IsLeaving || renews ? null : cause;
            if (life.IsCancellationRequested || (!renews && (cause is null || !MqttRetry.IsWorthwhile(cause, _options.Reconnect))))
            {
                GiveUp(life.IsCancellationRequested ? null : cause);
                return;
            }

            lock (_gate)
            {
                Change(MqttConnectionState.Reconnecting, cause);
            }

            try
            {
                link = await ReopenAsync(cause, renews, life).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                GiveUp(life.IsCancellationRequested ? null : e);
                return;
            }
        }
    }

    /// <summary>Tries until there is a connection, or trying makes no sense any more.</summary>
    private async Task<MqttLink> RetryAsync(Exception? cause, bool first, CancellationToken cancellationToken)
    {
        MqttReconnectOptions reconnect = _options.Reconnect!;
        for (int attempt = 0; ; attempt++)
        {
            Follow(cause);
            TimeSpan wait = first && attempt == 0 ? TimeSpan.Zero : MqttRetry.Wait(reconnect, attempt, _options.Random ?? Random.Shared);
            _log.WaitsToReconnect(wait, attempt + 1);
            await Task.Delay(wait, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            try
            {
                return await OpenAsync(first, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && attempt + 1 != reconnect.MaxAttempts && MqttRetry.IsWorthwhile(e, reconnect))
            {
                _log.AttemptFailed(e);
                cause = e;
            }
        }
    }

    /// <summary>The server that the broker named is the next to be tried; after it fails, the first one again.</summary>
    private void Follow(Exception? cause) => _server =
        _options.Reconnect is { FollowRedirects: true } && cause is MqttException { ServerReference: { } reference } ? MqttRetry.Target(reference, _options.Server) : _options.Server;

    /// <summary>Makes one connection, up to CONNACK.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "The link is closed on every way out.")]
    private async Task<MqttLink> OpenAsync(bool first, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        MqttLink? link = null;
        try
        {
            byte[] authentication = await BeginAuthenticationAsync(either.Token).ConfigureAwait(false);
            link = await OpenTransportAsync(either.Token).ConfigureAwait(false);
            MqttPassword? password = await NextPasswordAsync(either.Token).ConfigureAwait(false);
            Memory<byte> connect = BeginSession(link, first, authentication, password);
            try
            {
                await link.Stream.WriteAsync(connect, either.Token).ConfigureAwait(false);
            }
            finally
            {
                connect.Span.Clear(); // the password
            }

            link.Running = Task.WhenAll(ReadAsync(link), WriteAsync(link));
            await link.Accepted.Task.WaitAsync(either.Token).ConfigureAwait(false);
            link.Running = password?.RenewAfter is { } after ? Task.WhenAll(link.Running, RenewAsync(link, after)) : link.Running;
            return link;
        }
        catch (Exception e)
        {
            if (link is not null)
            {
                await CloseAsync(link).ConfigureAwait(false);
            }

            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw TcpTransport.TimedOut($"{_server.Host}:{MqttOptionRules.Port(_server)}", _options.ConnectTimeout, e);
            }

            throw MqttExplanations.Ended(e);
        }
    }

    [SuppressMessage("Reliability", "CA2000", Justification = "The link owns the streams, and they are disposed of where there is none.")]
    private async Task<MqttLink> OpenTransportAsync(CancellationToken cancellationToken)
    {
        var tcp = new TcpOptions { ConnectTimeout = _options.ConnectTimeout, TimeProvider = _options.TimeProvider };
        Stream network = await TcpTransport.ConnectAsync(_server.Host, MqttOptionRules.Port(_server), tcp, cancellationToken).ConfigureAwait(false);
        Stream stream = MqttOptionRules.IsPlaintext(_server)
            ? network
            : await ThimbleStream.AuthenticateAsync(network, MqttOptionRules.Tls(_options, _server, _sessions), cancellationToken: cancellationToken).ConfigureAwait(false);
        return new MqttLink(stream, network, ++_links);
    }

    /// <summary>Begins a session, or goes on with that of the last connection, and writes CONNECT.</summary>
    private Memory<byte> BeginSession(MqttLink link, bool first, byte[] authentication, MqttPassword? password)
    {
        lock (_gate)
        {
            bool keep = MqttOptionRules.KeepsSession(_options) && !(first && _options.CleanStart);
            MqttSession session = _memory.Session;
            if (keep && !_hasSession)
            {
                _ = session.RestoreEmpty(); // the broker's part of it may be older than this client
            }

            if (!keep || session.Continue(Now(link)) != MqttStatus.Complete)
            {
                session.Begin(Now(link));
                LoseSession();
            }

            _hasSession = true;
            _link = link;
            _properties.Reset();
            _aliases.Reset(0);
            try
            {
                return ConnectPacket.Write(session, password is null ? _options : _options with { Password = password.Bytes }, keep, authentication);
            }
            finally
            {
                password?.Bytes.Span.Clear();
            }
        }
    }

    /// <summary>Ends a connection, whatever its state, and takes back what was on its way.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A connection that is over may fail in any way, and it makes no difference.")]
    private async Task CloseAsync(MqttLink link)
    {
        link.Ended.TrySetResult(null);
        await link.End.CancelAsync().ConfigureAwait(false);
        link.Filled.Set();
        _inbox.WakeFiller();
        try
        {
            await link.Stream.DisposeAsync().AsTask().WaitAsync(s_farewell, _options.TimeProvider).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It is over.
        }

        await link.Network.DisposeAsync().ConfigureAwait(false); // whoever still waits for it waits no more
        await link.Running.ConfigureAwait(false);
        lock (_gate)
        {
            link.IsUp = false;
            link.Drained?.TrySetResult();
            if (_link == link)
            {
                _link = null;
                TakeBack();
            }

            link.Dispose();
        }
    }

    /// <summary>There is no connection any more, and none will be made.</summary>
    private void GiveUp(Exception? cause)
    {
        lock (_gate)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            FailAll(cause);
            _inbox.Close(cause);
            Change(MqttConnectionState.Disconnected, cause);
        }
    }

    private async Task StopAsync(MqttReasonCode reason, byte[] properties, CancellationToken cancellationToken)
    {
        Task drained = Task.CompletedTask;
        CancellationTokenSource life;
        lock (_gate)
        {
            if (_state is MqttConnectionState.Disconnected or MqttConnectionState.Disposed)
            {
                return;
            }

            life = _life;
            if (_link is { IsUp: true } link)
            {
                link.IsLeaving = true;
                drained = link.SaidGoodbye ? drained : SayGoodbye(link, reason, properties);
            }
        }

        try
        {
            await drained.WaitAsync(s_farewell, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // The broker does not take it: the end of the connection tells it as well.
        }

        await life.CancelAsync().ConfigureAwait(false);
        Task awaited, running = _running;
        do
        {
            awaited = running;
            await awaited.ConfigureAwait(false);
            running = _running; // a connection that was made in the last moment has another one
        }
        while (running != awaited);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private ValueTask DisposeCore()
    {
        lock (_gate)
        {
            _disposing ??= EndAsync();
            return new ValueTask(_disposing);
        }
    }

    private async Task EndAsync()
    {
        await Task.Yield(); // the lock is held by whoever disposes
        await StopAsync(MqttReasonCode.Success, [], CancellationToken.None).ConfigureAwait(false);
        lock (_gate)
        {
            FailAll(null);
            ForgetSent();
            _inbox.Close(null);
            Change(MqttConnectionState.Disposed, null);
            _memory.Dispose();
        }

        await _timer.DisposeAsync().ConfigureAwait(false);
        _runner.Dispose();
        _sessions?.Dispose();
    }

    /// <summary>Notes the state, and tells those who listen, in order. Holds the lock.</summary>
    private void Change(MqttConnectionState state, Exception? cause)
    {
        MqttConnectionState previous = _state;
        if (previous == state || previous == MqttConnectionState.Disposed)
        {
            return;
        }

        _state = state;
        _log.Changed(previous, state, cause);
        if (StateChanged is { } listeners)
        {
            var change = new MqttStateChangedEventArgs(previous, state, cause);
            _told = _told.ContinueWith(_ => Tell(listeners, change), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A listener may throw anything; it harms nobody else.")]
    private void Tell(EventHandler<MqttStateChangedEventArgs> listeners, MqttStateChangedEventArgs change)
    {
        try
        {
            listeners(this, change);
        }
        catch (Exception e)
        {
            _log.ListenerFailed(e);
        }
    }
}
