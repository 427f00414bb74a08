using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>A connected client of either version and what its server does, for tests that move the client about.</summary>
internal sealed class ParkedPair
{
    private readonly Func<byte, byte[], byte[]> _seal;
    private readonly IScriptedServer _server;
    private readonly Func<byte[]> _received;
    private byte[] _sent = [];

    private ParkedPair(ScriptedClient client, IScriptedServer server, Func<byte, byte[], byte[]> seal, Func<byte[]> received)
    {
        Client = client;
        _server = server;
        _seal = seal;
        _received = received;
    }

    /// <summary>The suites of both versions: every cipher, both hashes.</summary>
    public static TheoryData<ushort> Suites => [ScriptedSuite.EcdsaAes128, ScriptedSuite.EcdsaAes256, ScriptedSuite.EcdsaChaCha, ScriptedKeys13.Aes128, ScriptedKeys13.Aes256, ScriptedKeys13.ChaCha];

    public static byte[] Key { get; } = [.. Enumerable.Range(100, 32).Select(static i => (byte)i)];

    public ScriptedClient Client { get; private set; }

    /// <summary>The server, where it speaks TLS 1.3.</summary>
    public ScriptedServer13? Server13 => _server as ScriptedServer13;

    public static ParkedPair Connected(ushort suite, bool provisional = false)
    {
        Profile profile = Scripted13.Both with { MaxMqttTopicBytes = 60, MaxMqttInFlight = 3, ProvisionalMqtt = true, ExportsKeys = true, InWindowBytes = 1024 };
        if (suite >> 8 == 0x13)
        {
            (ScriptedClient client13, ScriptedServer13 server13) = Scripted13.Connected(
                new ScriptedServer13 { Suite = suite }, new ScriptedClient { Profile = profile, Provisional = provisional });
            return new ParkedPair(client13, server13, (type, content) => server13.Seal(type, content), () => server13.ReceivedData);
        }

        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite, new ScriptedClient { Profile = profile, Provisional = provisional });
        return new ParkedPair(client, server, (type, content) => server.Seal(type, content), () => server.ReceivedData);
    }

    public byte[] Seal(byte type, params byte[] content) => _seal(type, content);

    /// <summary>Something goes each way, with the next sequence numbers.</summary>
    public void AssertTalks()
    {
        byte[] data = [.. Enumerable.Range(0, 300).Select(i => (byte)(i + _sent.Length))];
        Assert.Equal(TlsStatus.Complete, Client.Write(data));
        _server.Answer([.. Client.Output]);
        Client.Output.Clear();
        _sent = [.. _sent, .. data];
        Assert.Equal(_sent, _received());
        Client.Data.Clear();
        Assert.Equal(TlsStatus.NeedMoreData, Client.Read(Seal(Wire.ApplicationData, data)));
        Assert.Equal(data, Client.Data);
    }

    /// <summary>Gives the server what the client wrote.</summary>
    public void Deliver()
    {
        Client.Flush();
        _server.Answer([.. Client.Output]);
        Client.Output.Clear();
    }

    public ParkStatus TryPark(ulong generation, out byte[] parked)
    {
        MemoryPlan plan = Client.Plan;
        byte[] room = new byte[plan.ParkedBytes];
        ParkStatus status = Client.Lens().Park(Key, generation, room, out int written);
        parked = room[..written];
        return status;
    }

    public byte[] Park(ulong generation)
    {
        Assert.Equal(ParkStatus.Parked, TryPark(generation, out byte[] parked));
        return parked;
    }

    /// <summary>A client in memory of its own, prepared and not used.</summary>
    public ScriptedClient Fresh(Profile? profile = null) => new ScriptedClient { Profile = profile ?? Client.Profile, Image = Client.Image }.Prepare();

    /// <summary>Goes on in another buffer.</summary>
    public void Resume(ulong generation, byte[] parked)
    {
        ScriptedClient fresh = Fresh();
        Assert.Equal(TlsStatus.Complete, fresh.Lens().Resume(Key, generation, parked));
        Assert.Equal(Phase.Connected, fresh.Phase);
        fresh.CheckGuards();
        Client = fresh;
    }

    /// <summary>Goes on in the memory of another client, which serves both in turn.</summary>
    public void MoveTo(ScriptedClient shared) => Client = shared;

    /// <summary>The regions that outlive a record.</summary>
    public Dictionary<RegionId, byte[]> Kept(params IEnumerable<RegionId> more) => new RegionId[]
    {
        RegionId.Control, RegionId.MqttSession, RegionId.MqttTopic, RegionId.MqttRollback, RegionId.MqttInFlight, RegionId.TrafficSecrets, RegionId.TrafficKeys, RegionId.ExporterSecret,
    }.Concat(more).ToDictionary(static id => id, id => Client.Region(id).ToArray());
}
