using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;

namespace Thimble;

/// <summary>How a client comes to be connected.</summary>
public sealed partial class MqttFleetClient
{
    /// <summary>Connects by TCP, performs the handshake and waits for CONNACK.</summary>
    internal async Task OpenAsync(Credentials credentials, string clientId, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(_fleet.Options.Timeout, _fleet.Options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        StepMemory? step = _fleet.Memory.BorrowStep();
        try
        {
            await DialAsync(linked.Token).ConfigureAwait(false);
            using (linked.Token.Register(static client => ((MqttFleetClient)client!).GiveUp(), this))
            {
                await HandshakeAsync(credentials, step, linked.Token).ConfigureAwait(false);
            }

            linked.Token.ThrowIfCancellationRequested();
            Task connected = Begin(clientId, step);
            (StepMemory turn, step) = (step, null); // what came behind the handshake is in it
            _ = ThreadPool.UnsafeQueueUserWorkItem(static first => first.Client.TakeTurn(first.Step), (Client: this, Step: turn), preferLocal: false); // it may last as long as the broker sends
            await connected.WaitAsync(linked.Token).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            GiveUp();
            cancellationToken.ThrowIfCancellationRequested();
            if (patience.IsCancellationRequested)
            {
                throw TcpTransport.TimedOut($"{_fleet.Options.Host}:{_fleet.Options.Port}", _fleet.Options.Timeout, e);
            }

            throw;
        }
        finally
        {
            if (step is not null)
            {
                _fleet.Memory.Return(step);
            }
        }
    }

    private void GiveUp()
    {
        lock (_line)
        {
            End(null);
            _line.Release(); // a socket that was opened meanwhile, too
        }
    }

    private async Task DialAsync(CancellationToken cancellationToken)
    {
        MqttFleetOptions options = _fleet.Options;
        IPAddress[] addresses;
        try
        {
            addresses = IPAddress.TryParse(options.Host, out IPAddress? literal)
                ? [literal]
                : TcpTransport.Alternate(await Dns.GetHostAddressesAsync(options.Host, cancellationToken).ConfigureAwait(false));
        }
        catch (SocketException e)
        {
            throw TcpTransport.Explain(options.Host, options.Port, options.Timeout, e);
        }

        using CancellationTokenRegistration end = cancellationToken.Register(static client => ((MqttFleetClient)client!).GiveUp(), this);
        foreach (IPAddress address in addresses)
        {
            await _line.DialAsync(new IPEndPoint(address, options.Port)).ConfigureAwait(false);
            if (_line.Problem == SocketError.Success || cancellationToken.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return;
            }
        }

        throw TcpTransport.Explain(options.Host, options.Port, options.Timeout, new SocketException((int)_line.Problem));
    }

    /// <summary>The private key lies in memory of its own until this ends.</summary>
    private async Task HandshakeAsync(Credentials credentials, StepMemory step, CancellationToken cancellationToken)
    {
        using var inputs = new HandshakeInputs(credentials, _fleet.Options.TimeProvider.GetUtcNow());
        TlsStatus status = TlsStatus.MoreWork;
        while (status != TlsStatus.Complete)
        {
            status = HandshakeStep(inputs, step, out SignatureRequest? asked);
            if (asked is not null)
            {
                byte[] signature = await credentials.ClientSigner!.SignAsync(asked, cancellationToken).ConfigureAwait(false);
                ProvideSignature(inputs, signature);
            }
            else if (status == TlsStatus.NeedMoreData)
            {
                await _line.ReadableAsync().ConfigureAwait(false);
                ReceiveHandshake(inputs, step);
            }
        }
    }

    private void ReceiveHandshake(HandshakeInputs inputs, StepMemory step)
    {
        lock (_line)
        {
            ThrowIfOver();
            int bytes = _line.Receive(step.ReceivedRoom);
            step.SetReceived(int.Max(0, bytes));
            if (bytes == 0)
            {
                TlsClient tls = _line.Wake(Config(inputs));
                _ = tls.SourceEnded();
                throw HandshakeFailed(tls, inputs);
            }
        }
    }

    private void ProvideSignature(HandshakeInputs inputs, byte[] signature)
    {
        lock (_line)
        {
            ThrowIfOver();
            TlsClient tls = _line.Wake(Config(inputs));
            _ = tls.ProvideSignature(signature);
        }
    }

    private TlsStatus HandshakeStep(HandshakeInputs inputs, StepMemory step, out SignatureRequest? asked)
    {
        lock (_line)
        {
            ThrowIfOver();
            TlsClient tls = _line.Wake(Config(inputs));
            TlsStatus status = tls.Handshake(step.Received, step.Outgoing, out int consumed, out int written);
            step.Consume(consumed);
            _ = _line.Send(step.Outgoing[..written]); // a server that has gone may have said why: reading tells
            asked = status == TlsStatus.NeedsSignature ? new SignatureRequest(tls.SignatureScheme, tls.ToBeSigned.ToArray()) : null;
            return status is TlsStatus.Complete or TlsStatus.NeedsSignature or TlsStatus.NeedMoreData or TlsStatus.MoreWork or TlsStatus.DestinationTooSmall ? status : throw HandshakeFailed(tls, inputs);
        }
    }

    private TlsConfig Config(HandshakeInputs inputs) => new()
    {
        Profile = ref _fleet.Memory.Profile,
        RomImage = inputs.RomImage,
        ServerName = _fleet.ServerName,
        Alpn = _fleet.Alpn,
        Seed = inputs.Seed,
        NowUnixSeconds = inputs.NowUnixSeconds,
        PeerChain = inputs.PeerChain,
    };

    private TlsFaultException HandshakeFailed(scoped in TlsClient tls, HandshakeInputs inputs)
    {
        Fault fault = tls.Fault;
        return new TlsFaultException(fault, FaultExplanation.Of(fault, _fleet.Context with
        {
            Text = Encoding.UTF8.GetString(tls.FaultText),
            AnchorNames = [.. inputs.Credentials.AnchorNames],
            Pins = [.. inputs.Credentials.Trust.Pins],
            PeerChain = PeerChainReader.Read(inputs.PeerChain),
        }));
    }

    /// <summary>Says CONNECT.</summary>
    private Task Begin(string clientId, StepMemory step)
    {
        lock (_line)
        {
            ThrowIfOver();
            MqttSession session = Wake();
            session.Begin(_fleet.Wheel.Now);
            var options = new MqttConnectOptions { ClientId = Encoding.UTF8.GetBytes(clientId), KeepAliveSeconds = _fleet.Options.KeepAliveSeconds };
            MqttStatus status = MqttStatus.DestinationTooSmall;
            bool sent = true;
            while (sent && status == MqttStatus.DestinationTooSmall)
            {
                status = session.Connect(options, step.Packet, out int written);
                sent = _line.Seal(step.Packet[..written], step); // a server that has gone may have said why: reading tells
            }

            return !sent || status == MqttStatus.Complete ? Pending.Connected() : throw new ArgumentException($"'{clientId}' is no client identifier: at most 65,535 bytes of UTF-8 without U+0000.", nameof(clientId));
        }
    }
}
