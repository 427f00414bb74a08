using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Thimble.Bench.Tls;
using Thimble.Cli.Demo;
using Thimble.Memory;
using Thimble.Replay;
using Thimble.Tls;

namespace Thimble.Recorder;

/// <summary>
/// One connection of scenario R between the engine and the platform's TLS server, both sides written down: four RSA-2048
/// certificates of 4,924 bytes, ECDHE P-256, AES-128-GCM, a client key on P-256 whose certificate an RSA authority signed.
/// Resumed, it goes on from a connection with the same server before it.
/// </summary>
internal sealed class Recording : IDisposable
{
    private static readonly byte[] Connack = Convert.FromHexString("20020000");
    private static readonly byte[] Suback = Convert.FromHexString("9003000100");
    private static readonly byte[] Command = Publish("demo-device-1/command", "{\"interval\":5,\"led\":\"on\"}");
    private static readonly byte[] Reading = Publish("demo-device-1/reading", "{\"temperature\":21.5,\"uptime\":1234}");

    /// <summary>What a profile that resumes has room for: the server puts the client's certificate into its ticket.</summary>
    private const int TicketBytes = 1280;

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(48);
    private readonly List<byte> _clientSays = [];
    private readonly List<byte> _serverSays = [];
    private readonly byte[] _serverName = Encoding.ASCII.GetBytes(DemoPki.ServerName);
    private readonly MemoryPipe _toServer = new();
    private readonly MemoryPipe _toClient = new();
    private readonly Profile _profile;
    private readonly PlanBuffer _memory;
    private readonly PlanBuffer _romImage;
    private readonly byte[] _session;

    private Recording(Profile profile, byte[] image, byte[] session)
    {
        _profile = profile;
        _session = session;
        _romImage = new PlanBuffer(image.Length);
        image.CopyTo(_romImage.Span);
        _memory = new PlanBuffer(MemoryPlan.For(_profile).TotalBytes);
    }

    /// <summary>Records a full handshake into one file, and into another one that resumes the session of a connection before it.</summary>
    public static void MakePair(TlsVersions version, string fullFile, string resumedFile)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using var pki = DemoPki.Create(DemoKeys.Rsa2048, DemoKeys.P256, now);
        Credentials credentials = pki.ClientCredentials();
        byte[] image = credentials.BuildRomImage(now);
        Profile full = credentials.Fit(Profiles.Rsa2048.Profile with
        {
            Versions = version,
            Suites = version == TlsVersions.Tls13 ? CipherSuites.Aes128GcmSha256 : CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheRsaAes128GcmSha256,
            Groups = Groups.Secp256r1,
        });
        Profile resuming = full with { MaxTicketBytes = TicketBytes };
        SslServerAuthenticationOptions server = ServerOptions(pki, version, resumes: true);
        using (var recording = new Recording(full, image, []))
        {
            File.WriteAllBytes(fullFile, recording.Make(ServerOptions(pki, version, resumes: false)));
        }

        using var first = new Recording(resuming, image, []);
        first.Make(server);
        using var second = new Recording(resuming, image, first.TakeSession());
        File.WriteAllBytes(resumedFile, second.Make(server));
        second.Require(second.Lens(default).Resumed);
    }

    /// <summary>Connects, and gives the recording in the form that <see cref="Scenario"/> reads.</summary>
    private byte[] Make(SslServerAuthenticationOptions options)
    {
        using var server = new SslStream(new PipeStream(_toServer, _toClient));
        var accepted = Task.Run(() => server.AuthenticateAsServer(options));
        Handshake();
        accepted.Wait();

        byte[] serverSays = [.. _serverSays];
        _serverSays.Clear();
        foreach (byte[] packet in (byte[][])[Connack, Suback, Command])
        {
            server.Write(packet);
        }

        Receive();
        Open([.. Connack, .. Suback, .. Command]);
        Write(Reading);
        return Assemble(
            MemoryMarshal.AsBytes(new ReadOnlySpan<Profile>(in _profile)).ToArray(), _romImage.Span.ToArray(), _serverName, _seed,
            [.. _clientSays], serverSays, [.. _serverSays], [.. Connack, .. Suback, .. Command], Reading, _session);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _romImage.Dispose();
    }

    private void Handshake()
    {
        Fault fault = default;
        Require(MemoryPlan.For(_profile).TryPrepare(_memory.Span, ref fault));
        byte[] seed = [.. _seed];
        byte[] destination = new byte[4096];
        int consumedInAll = 0;
        while (true)
        {
            TlsClient tls = Lens(seed);
            TlsStatus status = tls.Handshake(_serverSays.ToArray().AsSpan(consumedInAll), destination, out int consumed, out int written);
            consumedInAll += consumed;
            Say(destination.AsSpan(0, written));
            if (status == TlsStatus.Complete)
            {
                return;
            }

            Require(status is TlsStatus.NeedMoreData or TlsStatus.MoreWork or TlsStatus.DestinationTooSmall);
            if (status == TlsStatus.NeedMoreData)
            {
                Receive();
            }
        }
    }

    private void Open(byte[] expected)
    {
        byte[] destination = new byte[4096];
        TlsClient tls = Lens(default);
        Require(tls.Read(_serverSays.ToArray(), destination, out int consumed, out int written) == TlsStatus.Complete);
        Require(consumed == _serverSays.Count && destination.AsSpan(0, written).SequenceEqual(expected));
    }

    private byte[] TakeSession()
    {
        byte[] session = new byte[Session.MaxBytes(_profile)];
        Require(Lens(default).TryTakeSession(session, out int written));
        return session[..written];
    }

    private void Write(byte[] message)
    {
        byte[] destination = new byte[4096];
        TlsClient tls = Lens(default);
        Require(tls.Write(message, destination, out _, out int written) == TlsStatus.Complete);
        Say(destination.AsSpan(0, written));
    }

    private void Say(ReadOnlySpan<byte> bytes)
    {
        _clientSays.AddRange(bytes);
        _toServer.Write(bytes);
    }

    private void Receive()
    {
        byte[] received = new byte[64 * 1024];
        _serverSays.AddRange(received.AsSpan(0, _toClient.Read(received)));
    }

    private TlsClient Lens(Span<byte> seed) => new(_memory.Span, new TlsConfig
    {
        Profile = ref _profile,
        RomImage = _romImage.Span,
        ServerName = _serverName,
        Seed = seed,
        NowUnixSeconds = _now.ToUnixTimeSeconds(),
        Session = _session,
    });

    private static SslServerAuthenticationOptions ServerOptions(DemoPki pki, TlsVersions version, bool resumes) => new()
    {
        ServerCertificateContext = pki.ServerContext(),
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null,
        EnabledSslProtocols = version == TlsVersions.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12,
        AllowTlsResume = resumes,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    private byte[] Assemble(params byte[][] parts)
    {
        using var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        writer.Write(Scenario.Magic);
        writer.Write(_profile.Digest);
        writer.Write(_now.ToUnixTimeSeconds());
        int offset = Aligned(Scenario.TableAt + (Scenario.Parts * 8));
        foreach (byte[] part in parts)
        {
            writer.Write(offset);
            writer.Write(part.Length);
            offset += Aligned(part.Length);
        }

        foreach (byte[] part in parts)
        {
            writer.Write(new byte[Aligned((int)file.Position) - file.Position]);
            writer.Write(part);
        }

        return file.ToArray();
    }

    private static int Aligned(int bytes) => (bytes + 7) & ~7;

    private static byte[] Publish(string topic, string payload) =>
        [0x30, (byte)(2 + topic.Length + payload.Length), 0, (byte)topic.Length, .. Encoding.ASCII.GetBytes(topic), .. Encoding.ASCII.GetBytes(payload)];

    private void Require(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"The connection failed: {Lens(default).Fault.Reason}.");
        }
    }
}
