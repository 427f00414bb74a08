using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tests.Peers;

namespace Thimble.Tool.Tests.Clouds;

/// <summary>What one client said in CONNECT of MQTT 3.1.1, and in its ClientHello.</summary>
internal sealed record RecordedConnect(string ClientId, string UserName, string Password, int KeepAlive, string ServerName, string Alpn, string Tls);

/// <summary>A message, of a client or for it.</summary>
internal sealed record RecordedPublish(string Topic, byte[] Payload);

/// <summary>
/// A broker of MQTT 3.1.1 over TLS that lets everybody in unless it is told otherwise, remembers what they said, and answers messages by a script. The platform speaks TLS.
/// </summary>
internal sealed class ConnectRecorder : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext _chain;
    private readonly string[] _alpn;
    private readonly Task _running;
    private readonly ConcurrentQueue<RecordedConnect> _connects = new();
    private readonly ConcurrentQueue<RecordedPublish> _published = new();
    private readonly ConcurrentQueue<string> _subscribed = new();

    public ConnectRecorder(PeerIdentity identity, params string[] alpn)
    {
        _alpn = alpn;
        _certificate = X509Certificate2.CreateFromPemFile(identity.ChainFile, identity.KeyFile);
        _chain = SslStreamCertificateContext.Create(_certificate, [.. identity.Chain.Skip(1).Select(issuer => issuer.Certificate)], offline: true);
        _listener.Start();
        _running = Task.Run(RunAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public IReadOnlyList<RecordedConnect> Connects => [.. _connects];

    public IReadOnlyList<RecordedPublish> Published => [.. _published];

    /// <summary>The filters that came.</summary>
    public IReadOnlyList<string> Subscribed => [.. _subscribed];

    /// <summary>What CONNACK says (MQTT 3.1.1 §3.2.2.3).</summary>
    public byte ReturnCode { get; init; }

    /// <summary>Whether subscriptions are refused.</summary>
    public bool RefusesSubscriptions { get; init; }

    /// <summary>What is sent to the client behind the acknowledgement of its message; null ends the connection.</summary>
    public Func<RecordedPublish, IEnumerable<RecordedPublish?>> Answer { get; init; } = static _ => [];

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _running.GetAwaiter().GetResult();
        _certificate.Dispose();
        _end.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "A client that goes away is no failure of the recorder.")]
    private async Task RunAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await _listener.AcceptSocketAsync(_end.Token);
                await using var network = new NetworkStream(socket);
                await using var stream = new SslStream(network);
                await ServeAsync(stream);
            }
            catch (Exception)
            {
                // It went away, or the recorder does.
            }
        }
    }

    private async Task ServeAsync(SslStream stream)
    {
        string serverName = "";
        await stream.AuthenticateAsServerAsync((_, hello, _, _) =>
        {
            serverName = hello.ServerName;
            return new(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _chain,
                ApplicationProtocols = _alpn.Length == 0 ? null : [.. _alpn.Select(name => new SslApplicationProtocol(name))],
            });
        }, null, _end.Token);
        while (await ReadPacketAsync(stream) is { } packet)
        {
            switch (packet.Type >> 4)
            {
                case 1:
                    _connects.Enqueue(Parse(packet.Body, serverName, stream));
                    await stream.WriteAsync(new byte[] { 0x20, 2, 0, ReturnCode }, _end.Token);
                    break;
                case 3:
                    int identifier = 2 + BinaryPrimitives.ReadUInt16BigEndian(packet.Body);
                    bool isAcknowledged = (packet.Type & 6) != 0;
                    var message = new RecordedPublish(Encoding.UTF8.GetString(packet.Body, 2, identifier - 2), packet.Body[(identifier + (isAcknowledged ? 2 : 0))..]);
                    _published.Enqueue(message);
                    if (isAcknowledged)
                    {
                        await stream.WriteAsync(new byte[] { 0x40, 2, packet.Body[identifier], packet.Body[identifier + 1] }, _end.Token);
                    }

                    foreach (RecordedPublish? answer in Answer(message))
                    {
                        if (answer is null)
                        {
                            return;
                        }

                        await stream.WriteAsync(Publish(answer), _end.Token);
                    }

                    break;
                case 8:
                    _subscribed.Enqueue(Encoding.UTF8.GetString(packet.Body, 4, BinaryPrimitives.ReadUInt16BigEndian(packet.Body.AsSpan(2))));
                    await stream.WriteAsync(new byte[] { 0x90, 3, packet.Body[0], packet.Body[1], RefusesSubscriptions ? (byte)0x80 : packet.Body[^1] }, _end.Token);
                    break;
                case 12:
                    await stream.WriteAsync(new byte[] { 0xD0, 0 }, _end.Token);
                    break;
                case 14:
                    return;
            }
        }
    }

    private async Task<(byte Type, byte[] Body)?> ReadPacketAsync(SslStream stream)
    {
        byte[] one = new byte[1];
        if (await stream.ReadAsync(one, _end.Token) == 0)
        {
            return null;
        }

        byte type = one[0];
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            await stream.ReadExactlyAsync(one, _end.Token);
            length |= (one[0] & 0x7F) << shift;
            if ((one[0] & 0x80) == 0)
            {
                break;
            }
        }

        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, _end.Token);
        return (type, body);
    }

    /// <summary>With QoS 1, as DPS sends; the acknowledgement is not waited for.</summary>
    private static byte[] Publish(RecordedPublish message)
    {
        byte[] topic = Encoding.UTF8.GetBytes(message.Topic);
        byte[] body = [(byte)(topic.Length >> 8), (byte)topic.Length, .. topic, 0, 1, .. message.Payload];
        List<byte> length = [];
        int left = body.Length;
        do
        {
            length.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            left >>= 7;
        }
        while (left != 0);
        return [0x32, .. length, .. body];
    }

    /// <summary>CONNECT without a will (MQTT 3.1.1 §3.1).</summary>
    private static RecordedConnect Parse(byte[] body, string serverName, SslStream stream)
    {
        int at = 10;
        string Next()
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(at));
            at += 2 + length;
            return Encoding.UTF8.GetString(body, at - length, length);
        }

        byte flags = body[7];
        string id = Next();
        string user = (flags & 0x80) != 0 ? Next() : "";
        string password = (flags & 0x40) != 0 ? Next() : "";
        return new RecordedConnect(id, user, password, BinaryPrimitives.ReadUInt16BigEndian(body.AsSpan(8)), serverName, stream.NegotiatedApplicationProtocol.ToString(), stream.SslProtocol.ToString());
    }
}
