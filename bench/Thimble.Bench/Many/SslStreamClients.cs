using System;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;

namespace Thimble.Bench.Many;

/// <summary>The platform's own TLS, as thriftily as it goes: an idle connection waits in a read without a buffer, and its certificate is disposed of behind the handshake.</summary>
internal sealed class SslStreamClients(DeviceCertificates certificates, int port, int devices) : IClients
{
    private readonly SslStream?[] _streams = new SslStream?[devices];
    private readonly Task<int>?[] _readable = new Task<int>?[devices];

    public async Task ConnectAsync(int device)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        (X509Certificate2 certificate, ECDsa key) = certificates.Read(device);
        using (certificate)
        using (key)
        using (X509Certificate2 both = certificate.CopyWithPrivateKey(key))
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = DeviceCertificates.ServerName,
                ClientCertificateContext = SslStreamCertificateContext.Create(both, null, offline: true),
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { certificates.Authority },
                    RevocationMode = X509RevocationMode.NoCheck,
                    DisableCertificateDownloads = true,
                },
            });
        }

        _streams[device] = stream;
        string name = ManyClients.NameOf(device);
        byte[] id = Encoding.ASCII.GetBytes(name);
        await stream.WriteAsync((byte[])[0x10, (byte)(12 + id.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, ManyClients.KeepAliveSeconds, 0, (byte)id.Length, .. id]);
        await ExpectAsync(stream, [0x20, 2, 0, 0]);
        await stream.WriteAsync((byte[])[0x82, (byte)(5 + id.Length), 0, 1, 0, (byte)id.Length, .. id, 0]);
        await ExpectAsync(stream, [0x90, 3, 0, 1, 0]);
        _readable[device] = stream.ReadAsync(Memory<byte>.Empty).AsTask();
    }

    public async Task<bool> EchoAsync(int device)
    {
        SslStream stream = _streams[device]!;
        byte[] topic = Encoding.ASCII.GetBytes(ManyClients.NameOf(device));
        byte[] packet = [0x30, (byte)(2 + topic.Length + 4), 0, (byte)topic.Length, .. topic, .. "21.5"u8];
        await stream.WriteAsync(packet);
        _ = await _readable[device]!;
        await ExpectAsync(stream, packet);
        _readable[device] = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        return true;
    }

    public ValueTask CloseAsync(int device) => _streams[device]!.DisposeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task ExpectAsync(SslStream stream, byte[] packet)
    {
        byte[] got = new byte[packet.Length];
        await stream.ReadExactlyAsync(got);
        if (!got.AsSpan().SequenceEqual(packet))
        {
            throw new InvalidOperationException($"The broker said {Convert.ToHexString(got)}, and {Convert.ToHexString(packet)} was awaited.");
        }
    }
}
