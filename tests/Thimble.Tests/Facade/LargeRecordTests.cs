using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Tests.Tls;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>What a user of <see cref="TlsConnection"/> sees of records that are larger than the engine's window.</summary>
public sealed class LargeRecordTests
{
    public static TheoryData<string> Versions => ["1.2", "1.3"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void By_default_such_a_record_is_a_fault_that_says_what_to_set(string version)
    {
        using var peer = new Peer(version, accept: false);
        peer.Say(Message(16_384));
        TlsFaultException fault = Assert.Throws<TlsFaultException>(() => peer.Connection.Read(new byte[100]));
        Assert.Equal(FaultReason.RecordLargerThanWindow, fault.Fault.Reason);
        Assert.Contains("AcceptLargeRecords", fault.Message, StringComparison.Ordinal);
        Assert.Contains("16384", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Its tag verified, so none of it may be lost: what the reader has not taken yet waits outside the engine.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public async Task While_a_part_of_such_a_record_waits_the_connection_is_not_parked(string version)
    {
        using var peer = new Peer(version, accept: true);
        byte[] message = Message(9_000);
        peer.Say(message);
        byte[] received = new byte[message.Length];
        int taken = peer.Connection.Read(received.AsSpan(0, 1_000));
        var place = new MemoryParkingPlace();
        byte[] key = [.. Enumerable.Range(1, TlsClient.ParkingKeyBytes).Select(static i => (byte)i)];
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await peer.Connection.ParkAsync(place, key));
        while (taken < received.Length)
        {
            taken += peer.Connection.Read(received.AsSpan(taken));
        }

        Assert.Equal(message, received);
        await peer.Connection.ParkAsync(place, key);
        Assert.NotNull(place.Parked);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_reader_gets_whole_records_when_their_tags_verified(string version)
    {
        foreach (int destinationBytes in new[] { 1_000, 20_000 })
        {
            using var peer = new Peer(version, accept: true);
            byte[][] records = [Message(3), Message(16_384), Message(513), Message(512), Message(9_000), Message(1)];
            foreach (byte[] record in records)
            {
                peer.Say(record);
            }

            byte[] expected = [.. records.SelectMany(static record => record)];
            var received = new List<byte>();
            byte[] destination = new byte[destinationBytes];
            while (received.Count < expected.Length)
            {
                int read = peer.Connection.Read(destination);
                Assert.InRange(read, 1, destinationBytes);
                received.AddRange(destination.AsSpan(0, read));
            }

            Assert.Equal(expected, received);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Nothing_of_a_forged_record_reaches_the_reader(string version)
    {
        foreach (int at in new[] { 5, 20, 600, 8_000, 16_000, -1 })
        {
            using var peer = new Peer(version, accept: true);
            byte[] record = peer.Seal(Message(16_384));
            record[at < 0 ? record.Length + at : at] ^= 0x40;
            peer.Transport.Say(record);
            byte[] destination = new byte[4_000];
            TlsFaultException fault = Assert.Throws<TlsFaultException>(() => peer.Connection.Read(destination));
            Assert.Equal(FaultReason.BadRecordMac, fault.Fault.Reason);
            Assert.Equal(-1, destination.AsSpan().IndexOfAnyExcept((byte)0));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Nothing_of_a_record_that_is_cut_off_reaches_the_reader(string version)
    {
        using var peer = new Peer(version, accept: true);
        peer.Transport.Say(peer.Seal(Message(16_384)).AsSpan(..^1));
        byte[] destination = new byte[20_000];
        TlsFaultException fault = Assert.Throws<TlsFaultException>(() => peer.Connection.Read(destination));
        Assert.Equal(FaultReason.TruncatedByPeer, fault.Fault.Reason);
        Assert.Equal(-1, destination.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Who_asks_gets_the_pieces_and_then_the_verdict(string version)
    {
        using var peer = new Peer(version, accept: true);
        byte[] message = Message(16_384);
        peer.Say([1, 2]);
        peer.Say(message);
        peer.Say([3]);
        byte[] destination = new byte[700];
        Assert.Equal((TlsStatus.Complete, 2), (peer.Connection.Read(destination, out int bytes), bytes));
        var pieces = new List<byte>();
        TlsStatus status;
        while ((status = peer.Connection.Read(destination, out bytes)) == TlsStatus.Provisional)
        {
            Assert.InRange(bytes, 1, 512);
            pieces.AddRange(destination.AsSpan(0, bytes));
            Assert.Throws<InvalidOperationException>(() => peer.Connection.Read(destination));
        }

        pieces.AddRange(destination.AsSpan(0, bytes));
        Assert.Equal(TlsStatus.Committed, status);
        Assert.Equal(message, pieces);
        Assert.Equal(1, peer.Connection.Read(destination));
    }

    [Fact]
    public void Tickets_are_withdrawn_from_who_asks_and_unseen_by_the_others()
    {
        using var peer = new Peer("1.3", accept: true);
        byte[] ticket = peer.Server13!.Seal(Wire.Handshake, Scripted13Replay.Ticket(3_000));
        peer.Transport.Say(ticket);
        peer.Say([9]);
        byte[] destination = new byte[700];
        Assert.Equal(1, peer.Connection.Read(destination));
        peer.Transport.Say(peer.Server13.Seal(Wire.Handshake, Scripted13Replay.Ticket(3_000)));
        TlsStatus status;
        while ((status = peer.Connection.Read(destination, out _)) == TlsStatus.Provisional)
        {
            // They are to be forgotten.
        }

        Assert.Equal(TlsStatus.Withdrawn, status);
        peer.Say([10]);
        Assert.Equal((1, 10), (peer.Connection.Read(destination), destination[0]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_peers_close_is_seen_behind_such_records(string version)
    {
        using var peer = new Peer(version, accept: true);
        peer.Say(Message(5_000));
        peer.Transport.Say(peer.SealAlert());
        peer.Connection.Close();
        using var other = new Peer(version, accept: true);
        other.Say(Message(5_000));
        other.Transport.Say(other.SealAlert());
        byte[] destination = new byte[6_000];
        Assert.Equal(5_000, other.Connection.Read(destination));
        Assert.Equal(TlsStatus.Closed, other.Connection.Read(destination, out int bytes));
        Assert.Equal(0, bytes);
    }

    /// <summary>Who was told to forget the first pieces never gets a verdict for the others (RULES 1).</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void A_time_out_behind_provisional_bytes_ends_the_connection(string version)
    {
        using var peer = new Peer(version, accept: true);
        byte[] record = peer.Seal(Message(5_000));
        peer.Transport.Say(record.AsSpan(..3_000));
        peer.Transport.KeepsSilent = true;
        byte[] destination = new byte[700];
        Assert.Equal(TlsStatus.Provisional, peer.Connection.Read(destination, out _));
        Assert.Throws<TransportException>(() =>
        {
            while (peer.Connection.Read(destination, out _) == TlsStatus.Provisional)
            {
                // They are to be forgotten.
            }
        });
        peer.Transport.Say(record.AsSpan(3_000..));
        TlsFaultException fault = Assert.Throws<TlsFaultException>(() => peer.Connection.Read(destination, out _));
        Assert.Equal(FaultReason.TruncatedByPeer, fault.Fault.Reason);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_time_out_before_any_piece_was_given_changes_nothing(string version)
    {
        using var peer = new Peer(version, accept: true);
        byte[] record = peer.Seal(Message(5_000));
        peer.Transport.Say(record.AsSpan(..3_000));
        peer.Transport.KeepsSilent = true;
        byte[] destination = new byte[5_000];
        Assert.Throws<TransportException>(() => peer.Connection.Read(destination));
        peer.Transport.Say(record.AsSpan(3_000..));
        Assert.Equal(5_000, peer.Connection.Read(destination));
        Assert.Equal(Message(5_000), destination);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_connection_is_not_parked_while_bytes_of_such_a_record_wait_here(string version)
    {
        using var peer = new Peer(version, accept: true);
        peer.Say(Message(5_000));
        byte[] destination = new byte[5_000];
        Assert.Equal(1_000, peer.Connection.Read(destination.AsSpan(..1_000)));
        var place = new MemoryParkingPlace();
        byte[] key = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await peer.Connection.ParkAsync(place, key));
        Assert.Equal(4_000, peer.Connection.Read(destination.AsSpan(1_000..)));
        Assert.Equal(Message(5_000), destination);
        await peer.Connection.ParkAsync(place, key);
        Assert.NotNull(place.Parked);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Writing_to_a_closed_connection_says_that_it_is_closed(string version)
    {
        using var peer = new Peer(version, accept: true);
        peer.Connection.Close();
        TlsFaultException fault = Assert.Throws<TlsFaultException>(() => peer.Connection.Write([1]));
        Assert.Contains("closed", fault.Message, StringComparison.Ordinal);
        peer.Connection.Dispose();
        peer.Connection.Dispose();
        Assert.Throws<ObjectDisposedException>(() => peer.Connection.Write([1]));
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)((i * 5) + (i >> 8) + 1))];

    private sealed class Peer : IDisposable
    {
        private readonly ScriptedServer? _server12;
        private readonly Credentials _credentials = Credentials.From([X509CertificateLoader.LoadCertificate(ScriptedIdentity.Of("P-256").Root.Der)]);

        public Peer(string version, bool accept)
        {
            _server12 = version == "1.2" ? new ScriptedServer { Suite = ScriptedSuite.EcdsaAes128, Identity = ScriptedIdentity.Of("P-256") } : null;
            Server13 = version == "1.3" ? new ScriptedServer13() : null;
            Transport = new ServerStream((IScriptedServer?)_server12 ?? Server13!);
            Connection = new TlsConnection(
                new TlsConnectionOptions
                {
                    Credentials = _credentials,
                    Profile = _credentials.Fit(_server12 is null ? Streamed13.Windowed : ScriptedClient.Everything with { InWindowBytes = 512 }),
                    ServerName = "broker.example.com",
                    Now = TestPki.Now,
                    AcceptLargeRecords = accept,
                    Audit = true,
                },
                Transport);
            Connection.Handshake();
        }

        public ScriptedServer13? Server13 { get; }

        public ServerStream Transport { get; }

        public TlsConnection Connection { get; }

        public byte[] Seal(byte[] content) => _server12?.Seal(Wire.ApplicationData, content) ?? Server13!.Seal(Wire.ApplicationData, content);

        public byte[] SealAlert() => _server12?.Seal(Wire.Alert, [1, 0]) ?? Server13!.Seal(Wire.Alert, [1, 0]);

        public void Say(byte[] content) => Transport.Say(Seal(content));

        public void Dispose()
        {
            Assert.Equal(0, Connection.GcAllocatedBytes);
            Connection.Dispose();
            _credentials.Dispose();
            _server12?.Dispose();
        }
    }
}
