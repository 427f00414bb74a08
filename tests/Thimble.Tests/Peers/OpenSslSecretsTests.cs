using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Facade;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>What a <see cref="TlsConnection"/> says of its secrets, and how it moves, with OpenSSL at the other end in both versions.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslSecretsTests(PeerPki pki) : IDisposable
{
    private const string Label = "EXPERIMENTAL-thimble";
    private static readonly byte[] s_key = RandomNumberGenerator.GetBytes(32);
    private readonly TemporaryFolder _folder = new();
    private readonly List<IDisposable> _open = [];

    public void Dispose()
    {
        _open.ForEach(static one => one.Dispose());
        _folder.Dispose();
    }

    [PeerTheory("openssl")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256")]
    [InlineData("-tls1_2", "ECDHE-ECDSA-AES256-GCM-SHA384")]
    [InlineData("-tls1_3", "TLS_AES_128_GCM_SHA256")]
    [InlineData("-tls1_3", "TLS_AES_256_GCM_SHA384")]
    public void OpenSSL_exports_the_same_keying_material(string version, string suite)
    {
        string[] suites = version == "-tls1_2" ? ["-cipher", suite] : ["-ciphersuites", suite];
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), [version, "-keymatexport", Label, "-keymatexportlen", "77", .. suites]);
        TlsConnection connection = Connect(peer);
        string theirs = peer.Process.WaitFor("Keying material: ([0-9A-Fa-f]{154})").Groups[1].Value;
        Assert.Equal(theirs, Convert.ToHexString(connection.ExportKeyingMaterial(Label, 77)), ignoreCase: true);
        Assert.Equal(32, connection.ExportChannelBinding().Length);
        Assert.NotEqual(connection.ExportKeyingMaterial("EXPORTER-Channel-Binding", [1], 32), connection.ExportChannelBinding());
    }

    [PeerFact("openssl")]
    public void What_cannot_be_exported_is_told()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-rev"]);
        TlsConnection connection = Connect(peer);
        Assert.Contains("'master secret'", Assert.Throws<ArgumentException>(() => connection.ExportKeyingMaterial("master secret", 32)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => connection.ExportKeyingMaterial("a", 1 << 20));
        connection.Close();
        Assert.Throws<InvalidOperationException>(() => connection.ExportKeyingMaterial("a", 32));
        TlsConnection unplanned = Connect(peer, profile: Profile with { ExportsKeys = false });
        Assert.Contains("ExportsKeys", Assert.Throws<InvalidOperationException>(() => unplanned.ExportChannelBinding()).Message, StringComparison.Ordinal);
    }

    [PeerTheory("openssl")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void The_key_log_says_line_by_line_what_OpenSSL_s_says(string version)
    {
        string ours = _folder["ours.log"];
        string theirs = _folder["theirs.log"];
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), [version, "-rev", "-keylogfile", theirs]);
        foreach (string line in (string[])["one", "two", "three"])
        {
            TlsConnection connection = Connect(peer, ours);
            Assert.Equal(Reverse(line), Ask(connection, line));
            connection.Close();
        }

        Assert.Equal(Lines(theirs), Lines(ours));
        Assert.Equal(version == "-tls1_2" ? 3 : 15, Lines(ours).Count);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ours));
        }
    }

    [PeerFact("openssl")]
    public async Task Connections_at_once_share_a_key_log_without_mixing_lines()
    {
        string ours = _folder["shared.log"];
        string theirs = _folder["openssl.log"];
        using OpenSslServer first = OpenSslServer.Launch(pki.Server("p256"), ["-rev", "-keylogfile", theirs]);
        using OpenSslServer second = OpenSslServer.Launch(pki.Server("p256"), ["-rev", "-keylogfile", theirs]);
        await Task.WhenAll(new[] { first, second }.Select(peer => Task.Run(() =>
        {
            for (int i = 0; i < 8; i++)
            {
                TlsConnection connection = Connect(peer, ours);
                Assert.Equal("ba", Ask(connection, "ab"));
                connection.Close();
            }
        })));
        Assert.Equal(Lines(theirs), Lines(ours));
    }

    [PeerTheory("openssl")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task A_connection_is_parked_in_a_file_and_goes_on(string version)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), [version, "-rev"]);
        NetworkStream transport = Dial(peer);
        TlsConnection connection = Connect(transport);
        byte[] binding = connection.ExportChannelBinding();
        var place = new FileParkingPlace(Directory.CreateDirectory(_folder["place"]).FullName);
        for (int round = 0; round < 3; round++)
        {
            Assert.Equal("cba", Ask(connection, "abc"));
            await connection.ParkAsync(place, s_key);
            Assert.Throws<ObjectDisposedException>(() => connection.Write([1]));
            byte[] copy = File.ReadAllBytes(place.ConnectionFile);
            connection = Keep((await TlsConnection.ResumeAsync(Options(), transport, place, s_key))!);
            Assert.Equal("zyx", Ask(connection, "xyz"));
            Assert.Null(await TlsConnection.ResumeAsync(Options(), transport, place, s_key));
            File.WriteAllBytes(place.ConnectionFile, copy); // somebody restores a backup
            Assert.Null(await TlsConnection.ResumeAsync(Options(), transport, place, s_key));
        }

        Assert.Equal(binding, connection.ExportChannelBinding());
        connection.Close();
    }

    [PeerFact("openssl")]
    public async Task Of_several_that_resume_at_once_one_goes_on()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-rev"]);
        NetworkStream transport = Dial(peer);
        TlsConnection connection = Connect(transport);
        Assert.Equal("a", Ask(connection, "a"));
        var place = new MemoryParkingPlace();
        await connection.ParkAsync(place, s_key);
        TlsConnection?[] resumed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await TlsConnection.ResumeAsync(Options(), transport, place, s_key))));
        Assert.Equal("cb", Ask(Keep(Assert.Single(resumed, static one => one is not null)!), "bc"));
    }

    [PeerFact("openssl")]
    public async Task A_changed_a_foreign_and_an_old_connection_are_each_told_apart()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-rev"]);
        NetworkStream transport = Dial(peer);
        TlsConnection connection = Connect(transport);
        var place = new MemoryParkingPlace();
        await connection.ParkAsync(place, s_key);
        ParkedConnection parked = (await place.TakeAsync(default))!;
        byte[] changed = parked.Bytes.ToArray();
        changed[^1] ^= 1;
        await AssertRefused(place, parked with { Bytes = changed }, s_key, FaultReason.ParkedStateInvalid);
        await AssertRefused(place, parked with { Bytes = parked.Bytes[..20] }, s_key, FaultReason.ParkedStateInvalid);
        await AssertRefused(place, parked, RandomNumberGenerator.GetBytes(32), FaultReason.ParkedStateInvalid);
        await AssertRefused(place, parked with { Generation = parked.Generation + 1 }, s_key, FaultReason.GenerationUsed);
        await Assert.ThrowsAsync<ArgumentException>(async () => await TlsConnection.ResumeAsync(Options(), transport, place, s_key.AsMemory(1)));
        await place.PutAsync(parked, default);
        connection = Keep((await TlsConnection.ResumeAsync(Options(), transport, place, s_key))!);
        Assert.Equal("ba", Ask(connection, "ab"));
    }

    [PeerFact("openssl")]
    public async Task What_cannot_be_parked_goes_on()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-rev"]);
        TlsConnection connection = Connect(peer);
        connection.Write("abcd\n"u8);
        Assert.Equal(1, connection.Read(new byte[1]));
        var place = new MemoryParkingPlace();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await connection.ParkAsync(place, s_key));
        await Assert.ThrowsAsync<ArgumentException>(async () => await connection.ParkAsync(place, new byte[32]));
        Assert.Null(place.Parked);
        byte[] rest = new byte[4];
        Assert.Equal(4, connection.Read(rest));
        Assert.Equal("cba\n"u8, rest);
        await connection.ParkAsync(place, s_key);
        Assert.NotNull(place.Parked);
    }

    /// <summary>OpenSSL sends KeyUpdate at the line K, and asks for ours.</summary>
    [PeerFact("openssl")]
    public void Keys_change_after_a_connection_was_parked()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-msg"]);
        ClientSetup setup = ClientSetup.For(pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with
        {
            Profile = setup.Profile with { Versions = TlsVersions.Tls13, Suites = CipherSuites.Aes128GcmSha256, InWindowBytes = 4096, ExportsKeys = true },
        });
        tls.Connect();
        tls.WriteLine("before");
        peer.Process.WaitFor("(?m)^before$");
        for (int round = 0; round < 3; round++)
        {
            int mark = peer.Process.Mark;
            peer.Process.Input.WriteLine("K");
            peer.Process.Input.Flush();
            peer.Process.WaitFor(">>> TLS 1.3, Handshake .*KeyUpdate", mark);
            peer.Process.Input.WriteLine("reply" + round);
            peer.Process.Input.Flush();
            Assert.Equal($"reply{round}\n", tls.ReadText(7));
            tls.WriteLine("after" + round); // our own KeyUpdate goes before it
            Assert.InRange(tls.ParkAndResume((ulong)round), 216, 400);
            tls.WriteLine("parked" + round);
            peer.Process.WaitFor($"(?m)^parked{round}$", mark);
        }
    }

    private static Profile Profile => Profiles.General.Profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13) with { ExportsKeys = true };

    private async Task AssertRefused(MemoryParkingPlace place, ParkedConnection parked, byte[] key, FaultReason reason)
    {
        await place.PutAsync(parked, default);
        TlsFaultException refused = await Assert.ThrowsAsync<TlsFaultException>(async () => await TlsConnection.ResumeAsync(Options(), Stream.Null, place, key));
        Assert.Equal(reason, refused.Fault.Reason);
    }

    private static NetworkStream Reach(OpenSslServer peer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, peer.Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private NetworkStream Dial(OpenSslServer peer) => Keep(Reach(peer));

    private TlsConnection Connect(OpenSslServer peer, string? keyLogFile = null, Profile? profile = null) => Connect(Dial(peer), keyLogFile, profile);

    private TlsConnection Connect(NetworkStream transport, string? keyLogFile = null, Profile? profile = null)
    {
        TlsConnection connection = Keep(new TlsConnection(Options() with { KeyLogFile = keyLogFile, Profile = profile ?? Profile }, transport));
        connection.Handshake();
        return connection;
    }

    private TlsConnectionOptions Options() => new()
    {
        Credentials = Keep(Credentials.Load(pki.Server("p256").RootFile)), Profile = Profile, ServerName = PeerPki.ServerName, Timeout = TimeSpan.FromSeconds(20),
    };

    private T Keep<T>(T one)
        where T : IDisposable
    {
        lock (_open)
        {
            _open.Add(one);
        }

        return one;
    }

    private static string Ask(TlsConnection connection, string line)
    {
        connection.Write(Encoding.ASCII.GetBytes(line + "\n"));
        byte[] answer = new byte[line.Length + 1];
        for (int at = 0; at < answer.Length;)
        {
            int read = connection.Read(answer.AsSpan(at));
            Assert.NotEqual(0, read);
            at += read;
        }

        return Encoding.ASCII.GetString(answer, 0, line.Length);
    }

    private static string Reverse(string line) => string.Concat(line.Reverse());

    private static List<string> Lines(string file) =>
        [.. File.ReadAllLines(file).Where(static line => !line.StartsWith('#')).Select(static line => line.ToUpperInvariant()).Order(StringComparer.Ordinal)];
}
