using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Tests.X509;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>Credentials that are shared by connections, and exchanged while those go on.</summary>
public sealed class CredentialSourceTests : IDisposable
{
    private static readonly TestIdentity s_root = TestIdentity.Ec("Root");
    private static readonly TestIdentity s_first = TestIdentity.Ec("First", s_root), s_second = TestIdentity.Ec("Second", s_root);

    private readonly TemporaryFolder _folder = new();
    private int _writes;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Connections_share_one_image_and_the_last_of_them_ends_it()
    {
        Credentials credentials = Of(s_first);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        CredentialLease one = credentials.Borrow(now), two = credentials.Borrow(now.AddHours(1));
        Assert.True(AreSame(one, two));
        credentials.Dispose();
        credentials.Dispose();
        one.Dispose();
        one.Dispose();
        Assert.True(RomImage.FromChecked(two.RomImage).AnchorCount == 1);
        Assert.NotNull(credentials.ClientKey!.ExportSubjectPublicKeyInfo());
        two.Dispose();
        Assert.Throws<ObjectDisposedException>(() => two.RomImage.Length);
        Assert.Throws<ObjectDisposedException>(() => credentials.Borrow(now));
    }

    /// <summary>An image is that of its time: none serves a clock before it was made (RULES 15), nor one for which an anchor has ended or begun.</summary>
    [Fact]
    public void An_image_is_made_anew_when_time_asks_for_another()
    {
        DateTimeOffset now = TestPki.Now;
        TestCertificate ends = TestPki.Make(new CertificateRecipe { Subject = "CN=Ends", IsCa = true, NotAfter = now.AddHours(1) });
        TestCertificate begins = TestPki.Make(new CertificateRecipe { Subject = "CN=Begins", IsCa = true, NotBefore = now.AddHours(2) });
        TestCertificate stays = TestPki.Root("P-256");
        using var credentials = Credentials.From(Trust.Of([ends.Certificate, begins.Certificate, stays.Certificate]));
        Assert.Equal("2 2 1 1 2 2", string.Join(' ', new[] { 0, 60, 61, 119, 120, 500 }.Select(minutes =>
        {
            using CredentialLease lease = credentials.Borrow(now.AddMinutes(minutes).AddSeconds(minutes == 61 ? -59 : 0));
            return RomImage.FromChecked(lease.RomImage).AnchorCount;
        })));
        using CredentialLease late = credentials.Borrow(now.AddMinutes(600)), early = credentials.Borrow(now.AddMinutes(-1));
        Assert.Equal(now.AddMinutes(-1).ToUnixTimeSeconds(), RomImage.FromChecked(early.RomImage).BakedAtUnixSeconds);
        Assert.Equal(2, RomImage.FromChecked(late.RomImage).AnchorCount);
    }

    [Fact]
    public void Files_that_change_are_read_again_and_what_was_lent_stays()
    {
        using CredentialSource source = Source(s_first);
        using CredentialLease before = source.Borrow(DateTimeOffset.UtcNow);
        Assert.Same(source.Current, source.Current);
        byte[] image = before.RomImage.ToArray();
        Write(s_second);
        using CredentialLease after = source.Borrow(DateTimeOffset.UtcNow);
        Assert.Equal("Second", CertificateName.Short(after.Credentials.ClientChain[0]));
        Assert.Equal((1, null), (source.Replacements, source.LastProblem));
        Assert.Equal(image, before.RomImage.ToArray());
        Assert.Equal("First", CertificateName.Short(before.Credentials.ClientChain[0]));
        Assert.NotEmpty(before.Credentials.ClientKey!.ExportSubjectPublicKeyInfo());
        before.Dispose();
        Assert.Throws<ObjectDisposedException>(() => before.RomImage.Length);
    }

    [Fact]
    public void A_pair_that_is_half_written_keeps_the_old_one_and_is_told()
    {
        using CredentialSource source = Source(s_first);
        Credentials first = source.Current;
        Put("client.pem", s_second.CertificatePem);
        Assert.Same(first, source.Current);
        Assert.Equal(CredentialProblem.KeyDoesNotFitCertificate, Assert.IsType<CredentialException>(source.LastProblem).Problem);
        Put("client.key", s_second.Key.ExportPkcs8PrivateKeyPem()[..40]);
        Assert.Same(first, source.Current);
        Assert.Equal(CredentialProblem.PemMalformed, Assert.IsType<CredentialException>(source.LastProblem).Problem);
        File.Delete(_folder["client.key"]);
        Assert.Same(first, source.Current);
        Assert.Equal(CredentialProblem.Unreadable, Assert.IsType<CredentialException>(source.LastProblem).Problem);
        Put("client.key", s_second.Key.ExportPkcs8PrivateKeyPem());
        Assert.Equal("Second", CertificateName.Short(source.Current.ClientChain[0]));
        Assert.Null(source.LastProblem);
    }

    [Fact]
    public void Reload_reads_at_once_and_throws_what_is_wrong()
    {
        using CredentialSource source = Source(s_first);
        source.Reload();
        Assert.Equal(1, source.Replacements);
        Put("ca.pem", "nothing");
        Assert.Throws<CredentialException>(source.Reload);
        Assert.NotNull(source.LastProblem);
        Assert.Equal((1, "First"), (source.Replacements, CertificateName.Short(source.Current.ClientChain[0])));
        using var byHand = new CredentialSource(Of(s_first));
        Assert.Throws<InvalidOperationException>(byHand.Reload);
    }

    /// <summary>What no connection could use replaces nothing: here the only anchor has ended.</summary>
    [Fact]
    public void Unusable_credentials_are_refused_and_usable_ones_take_over()
    {
        using var source = new CredentialSource(Of(s_first));
        Credentials first = source.Current;
        TestCertificate ended = TestPki.Make(new CertificateRecipe { IsCa = true, NotBefore = DateTimeOffset.UtcNow.AddDays(-9), NotAfter = DateTimeOffset.UtcNow.AddDays(-1) });
        Assert.Throws<CredentialException>(() => source.Replace(Credentials.From(Trust.Of([ended.Certificate]))));
        Assert.Same(first, source.Current);
        source.Replace(Of(s_second));
        Assert.Equal("Second", CertificateName.Short(source.Current.ClientChain[0]));
        Assert.Throws<ObjectDisposedException>(() => first.Borrow(DateTimeOffset.UtcNow));
    }

    /// <summary>Secret stores of Kubernetes exchange a link to a folder; its files keep their names and lengths.</summary>
    [Fact]
    public void A_link_that_leads_elsewhere_is_a_change()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // links need a privilege there
        }

        foreach ((string name, TestIdentity root, int days) in new[] { ("one", s_first, 2), ("two", s_second, 1) })
        {
            Directory.CreateDirectory(_folder[name]);
            string file = _folder.Write(name + "/ca.pem", root.CertificatePem);
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-days));
        }

        Directory.CreateSymbolicLink(_folder["data"], _folder["one"]);
        File.CreateSymbolicLink(_folder["linked.pem"], _folder["data/ca.pem"]);
        using var source = CredentialSource.FromFiles(_folder["linked.pem"]);
        Assert.Equal(["First"], source.Current.AnchorNames);
        Directory.Delete(_folder["data"]);
        Directory.CreateSymbolicLink(_folder["data"], _folder["two"]);
        Assert.Equal(["Second"], source.Current.AnchorNames);
    }

    /// <summary>A list of pins may be half written: connections go on with what there was.</summary>
    [Theory]
    [InlineData("not a pin")]
    [InlineData("")]
    public void Whatever_the_reader_throws_is_told_and_not_thrown_at_a_connection(string half)
    {
        Put("pins", KeyPin.Of(s_root.Certificate).Text);
        using var source = new CredentialSource(() => Credentials.From(Trust.OfPins(File.ReadAllLines(_folder["pins"]))), _folder["pins"]);
        Credentials first = source.Current;
        Put("pins", half);
        Assert.Same(first, source.Current);
        Assert.NotNull(source.LastProblem);
        Assert.ThrowsAny<Exception>(source.Reload);
        using CredentialLease lease = source.Borrow(DateTimeOffset.UtcNow);
        Put("pins", KeyPin.Of(s_first.Certificate).Text);
        Assert.Equal([KeyPin.Of(s_first.Certificate)], source.Current.Trust.Pins);
        Assert.Null(source.LastProblem);
    }

    /// <summary>Between the question whether it is there and the look into it.</summary>
    [Fact]
    public async Task A_folder_that_vanishes_while_it_is_looked_at_has_a_stamp()
    {
        string here = _folder["here"], away = _folder["away"];
        Directory.CreateDirectory(here);
        File.WriteAllText(Path.Combine(here, "ca.pem"), "");
        using var stop = new CancellationTokenSource();
        Task exchanging = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(here, away);
                Directory.Move(away, here);
            }
        });
        for (int i = 0; i < 20_000; i++)
        {
            Assert.Single(FileStamp.Of([here]));
        }

        await stop.CancelAsync();
        await exchanging;
    }

    /// <summary>Who gives the same credentials again, when their only anchor has ended, gives nothing up.</summary>
    [Fact]
    public async Task The_present_credentials_stay_even_where_they_are_refused_as_the_next()
    {
        TestCertificate ends = TestPki.Make(new CertificateRecipe { IsCa = true, NotBefore = DateTimeOffset.UtcNow.AddDays(-9), NotAfter = DateTimeOffset.UtcNow.AddSeconds(2) });
        var present = Credentials.From(Trust.Of([ends.Certificate]));
        DateTimeOffset before = DateTimeOffset.UtcNow.AddMinutes(-1);
        using var source = new CredentialSource(present);
        await Task.Delay(TimeSpan.FromSeconds(3.5)); // X.509 counts whole seconds
        Assert.Throws<CredentialException>(() => source.Replace(present));
        using CredentialLease lease = source.Borrow(before);
        Assert.Same(present, lease.Credentials);
    }

    [Fact]
    public async Task Many_threads_connect_while_credentials_are_exchanged()
    {
        using CredentialSource source = Source(s_first);
        using var stop = new CancellationTokenSource();
        Task[] connecting = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using CredentialLease lease = source.Borrow(DateTimeOffset.UtcNow);
                RomImage rom = RomImage.FromChecked(lease.RomImage);
                Assert.Equal(((ECDsa)lease.Credentials.ClientKey!).ExportParameters(false).Q.X!, new PrivateKey(rom.ClientKey).Public[..32].ToArray());
            }
        }))];
        for (int i = 0; i < 30; i++)
        {
            Write((i & 1) == 0 ? s_second : s_first);
            source.Reload();
        }

        await stop.CancelAsync();
        await Task.WhenAll(connecting);
        Assert.True(source.Replacements >= 30);
        Assert.Equal("First", CertificateName.Short(source.Current.ClientChain[0]));
    }

    private static Credentials Of(TestIdentity client) => Credentials.From(
        Trust.Of([s_root.Certificate]), ClientIdentity.Of([X509CertificateLoader.LoadCertificate(client.Certificate.RawData)], ECDsa.Create(((ECDsa)client.Key).ExportParameters(true))));

    private static bool AreSame(CredentialLease one, CredentialLease two) =>
        Unsafe.AreSame(ref MemoryMarshal.GetReference(one.RomImage), ref MemoryMarshal.GetReference(two.RomImage));

    private CredentialSource Source(TestIdentity client)
    {
        Put("ca.pem", s_root.CertificatePem);
        Write(client);
        return CredentialSource.FromFiles(_folder["ca.pem"], _folder["client.pem"], _folder["client.key"]);
    }

    private void Write(TestIdentity client)
    {
        Put("client.pem", client.CertificatePem);
        Put("client.key", client.Key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Each write is a second after the one before: file systems count time in steps.</summary>
    private void Put(string name, string content) =>
        File.SetLastWriteTimeUtc(_folder.Write(name, content), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(_writes++));
}
