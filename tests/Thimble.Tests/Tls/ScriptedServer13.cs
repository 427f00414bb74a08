using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace Thimble.Tests.Tls;

/// <summary>
/// A TLS 1.3 server in memory, written from RFC 8446 over the platform's primitives: client bytes in, server bytes out.
/// It takes the client's messages apart strictly and throws at whatever is wrong with them.
/// </summary>
internal sealed partial class ScriptedServer13 : IScriptedServer, IDisposable
{
    private readonly List<byte> _incoming = [];
    private readonly List<byte> _handshake = [];
    private readonly List<byte> _transcript = [];
    private ScriptedGroup? _ephemeral;
    private ScriptedKeys13? _reader;
    private ScriptedKeys13? _writer;
    private byte[] _clientApplicationSecret = [];
    private byte[] _sessionId = [];
    private byte[]? _clientCertificate;
    private int _retriesSent;
    private byte[]? _key;
    private byte[] _resumptionSecret = [];
    private byte[] _master = [];

    /// <summary>The bodies of the ClientHellos.</summary>
    public List<byte[]> ClientHellos { get; } = [];

    public bool SawClientCertificate { get; private set; }

    public bool SawCertificateVerify { get; private set; }

    public bool SawFinished { get; private set; }

    /// <summary>How often ChangeCipherSpec came.</summary>
    public int ChangeCipherSpecs { get; private set; }

    /// <summary>The values of the client's KeyUpdates.</summary>
    public List<byte> KeyUpdates { get; } = [];

    public int LongestRecord { get; private set; }

    /// <summary>Everything that is neither handshake nor ChangeCipherSpec, decrypted where it was protected.</summary>
    public List<(byte Type, byte[] Content)> Received { get; } = [];

    public byte[] ReceivedData => Wire.Join(Received.Where(static r => r.Type == Wire.ApplicationData).Select(static r => r.Content));

    public Dictionary<int, byte[]> Offered { get; private set; } = [];

    /// <summary>The key that this server uses, or null.</summary>
    public byte[]? Key => _key;

    /// <summary>The identity that the last ClientHello offered.</summary>
    public byte[] OfferedIdentity => Offered[41][4..(4 + (Offered[41][2] << 8) + Offered[41][3])];

    /// <summary>The obfuscated age that the last ClientHello named.</summary>
    public uint OfferedAge => BinaryPrimitives.ReadUInt32BigEndian(Offered[41].AsSpan(4 + OfferedIdentity.Length));

    private int ClientGroup => Offered.TryGetValue(51, out byte[]? share) && share.Length > 2 ? (share[2] << 8) + share[3] : 0;

    public byte[] ExporterSecret { get; private set; } = [];

    /// <summary>The first application secrets, the client's and the server's.</summary>
    public (byte[] Client, byte[] Server) ApplicationSecrets => (_clientApplicationSecret, _writer!.Secret);

    /// <summary>TLS-Exporter(label, context, bytes) of RFC 8446 §7.5.</summary>
    public byte[] Export(string label, byte[]? context, int bytes)
    {
        HashAlgorithmName hash = ScriptedKeys13.HashOf(Suite);
        byte[] derived = ScriptedKeys13.ExpandLabel(Suite, ExporterSecret, label, CryptographicOperations.HashData(hash, []), ExporterSecret.Length);
        return ScriptedKeys13.ExpandLabel(Suite, derived, "exporter", CryptographicOperations.HashData(hash, context ?? []), bytes);
    }

    public byte[] Answer(ReadOnlySpan<byte> fromClient)
    {
        _incoming.AddRange(fromClient);
        var output = new List<byte>();
        while (TryTakeRecord(out byte type, out byte[] fragment))
        {
            output.AddRange(TakeRecord(type, fragment));
        }

        return [.. output];
    }

    /// <summary>A protected record, with the next sequence number.</summary>
    public byte[] Seal(byte type, byte[] content, int padding = 0) => Wire.Record(Wire.ApplicationData, _writer!.Seal(type, content, padding));

    /// <summary>KeyUpdate under the old key; the next record has the new one.</summary>
    public byte[] UpdateKey(byte request)
    {
        byte[] record = Seal(Wire.Handshake, Wire.Message(24, [request]));
        _writer!.Update();
        return record;
    }

    /// <summary>As if so many records had been sent.</summary>
    public void SkipTo(ulong sequence) => _writer!.Sequence = sequence;

    public void Dispose() => _ephemeral?.Dispose();

    private bool TryTakeRecord(out byte type, out byte[] fragment)
    {
        int length = _incoming.Count < 5 ? int.MaxValue - 5 : (_incoming[3] << 8) + _incoming[4];
        if (_incoming.Count < 5 + length)
        {
            type = 0;
            fragment = [];
            return false;
        }

        Require(_incoming[1] == 3 && _incoming[2] == 3, "The record's version is 3.3.");
        type = _incoming[0];
        fragment = [.. _incoming.GetRange(5, length)];
        _incoming.RemoveRange(0, 5 + length);
        return true;
    }

    private byte[] TakeRecord(byte type, byte[] fragment)
    {
        if (type == Wire.ChangeCipherSpec)
        {
            Require(fragment is [1] && _handshake.Count == 0 && !SawFinished, "ChangeCipherSpec is the byte 1, between messages.");
            ChangeCipherSpecs++;
            return [];
        }

        if (_reader is not null)
        {
            Require(type == Wire.ApplicationData, "What is protected looks like application data.");
            byte[] inner = _reader.Open(fragment);
            int last = Array.FindLastIndex(inner, static b => b != 0);
            Require(last == inner.Length - 1, "We pad nothing.");
            (type, fragment) = (inner[last], inner[..last]);
        }

        LongestRecord = Math.Max(LongestRecord, fragment.Length);
        if (type != Wire.Handshake)
        {
            Received.Add((type, fragment));
            return [];
        }

        _handshake.AddRange(fragment);
        return TakeMessages();
    }

    private byte[] TakeMessages()
    {
        byte[] output = [];
        while (_handshake.Count >= 4)
        {
            int length = (_handshake[1] << 16) + (_handshake[2] << 8) + _handshake[3];
            if (_handshake.Count < 4 + length)
            {
                break;
            }

            byte[] message = [.. _handshake.GetRange(0, 4 + length)];
            _handshake.RemoveRange(0, 4 + length);
            output = [.. output, .. TakeMessage(message)];
        }

        return output;
    }

    private byte[] TakeMessage(byte[] message)
    {
        byte[] body = message[4..];
        switch (message[0])
        {
            case Wire.ClientHello:
                Require(_handshake.Count == 0, "ClientHello fills its record.");
                TakeClientHello(body);
                TakeKey(message);
                return _retriesSent < Retries && (Cookie is not null || (ClientGroup != Group && !UsesKeyAlone)) ? Retry(message) : FirstFlight(message);
            case Wire.Certificate:
                Require(AsksForCertificate && body[0] == 0, "A certificate was asked for, without a context.");
                SawClientCertificate = true;
                _clientCertificate = FirstCertificate(body[1..]);
                _transcript.AddRange(message);
                return [];
            case Wire.CertificateVerify:
                Require(VerifiesUnder(_clientCertificate!, Signed("TLS 1.3, client CertificateVerify", TranscriptHash()), body), "CertificateVerify verifies.");
                SawCertificateVerify = true;
                _transcript.AddRange(message);
                return [];
            case Wire.Finished:
                Require(body.AsSpan().SequenceEqual(FinishedData(_reader!.Secret)), "The client's Finished is right.");
                Require(SawClientCertificate == (AsksForCertificate && _key is null) && SawCertificateVerify == (_clientCertificate is not null), "The client's flight is whole.");
                Require(_handshake.Count == 0 && ChangeCipherSpecs == 1, "Keys change at a record's end, and one ChangeCipherSpec came.");
                SawFinished = true;
                _transcript.AddRange(message);
                _resumptionSecret = ScriptedKeys13.ExpandLabel(Suite, _master, "res master", TranscriptHash(), _master.Length);
                _reader = new ScriptedKeys13(Suite, _clientApplicationSecret);
                return AfterFinished(this);
            case 24:
                Require(SawFinished && body.Length == 1 && _handshake.Count == 0, "KeyUpdate has one byte and ends its record.");
                KeyUpdates.Add(body[0]);
                _reader!.Update();
                return [];
            default:
                throw new InvalidDataException($"The client sent a message of type {message[0]}.");
        }
    }

    private void TakeClientHello(byte[] body)
    {
        Require(body[0] == 3 && body[1] == 3, "legacy_version is 3.3.");
        int at = 34;
        _sessionId = Take8(body, ref at);
        Require(_sessionId.Length == 32, "The session id has 32 bytes.");
        Require(Take16(body, ref at).Length % 2 == 0 && Take8(body, ref at) is [0], "Suites have two bytes, and nothing compresses.");
        byte[] list = Take16(body, ref at);
        Require(at == body.Length, "The extensions end the message.");
        var extensions = new Dictionary<int, byte[]>();
        for (at = 0; at < list.Length;)
        {
            int type = (list[at] << 8) + list[at + 1];
            at += 2;
            extensions.Add(type, Take16(list, ref at));
        }

        if (ClientHellos.Count == 1)
        {
            RequireSame(body, extensions);
        }

        Offered = extensions;
        ClientHellos.Add(body);
    }

    /// <summary>RFC 8446 §4.1.2: the second ClientHello is the first one but for the share and the cookie.</summary>
    private void RequireSame(byte[] body, Dictionary<int, byte[]> extensions)
    {
        int fixedBytes = 35 + 32 + 2 + (body[67] << 8) + body[68] + 2;
        Require(body.AsSpan(0, fixedBytes).SequenceEqual(ClientHellos[0].AsSpan(0, fixedBytes)), "Nothing before the extensions changes.");
        Require((extensions.GetValueOrDefault(44) ?? []).AsSpan().SequenceEqual(Cookie is null ? [] : Wire.Vector16(Cookie)), "The cookie comes back.");
        Require(ClientGroup == 0 || ClientGroup == Group == extensions[51].AsSpan().SequenceEqual(Offered[51]), "The share changes where its group does.");
        Require(extensions.Where(static e => e.Key is not (41 or 44 or 51)).All(e => e.Value.AsSpan().SequenceEqual(Offered[e.Key])), "No other extension changes.");
        Require(Offered.Keys.Where(static key => key != 41).All(extensions.ContainsKey) && extensions.Keys.All(key => key == 44 || Offered.ContainsKey(key)), "None is left out or new.");
    }

    private bool UsesKeyAlone => _key is not null && WithoutShare;

    /// <summary>RFC 8446 §4.2.11.2: whoever knows the identity's key checks the binder over all that was said so far.</summary>
    private void TakeKey(byte[] hello)
    {
        _key = Offered.ContainsKey(41) ? KeyOf(OfferedIdentity) : null;
        if (_key is null)
        {
            return;
        }

        HashAlgorithmName hash = ScriptedKeys13.HashOf(Suite);
        int digest = CryptographicOperations.HashData(hash, []).Length;
        Require(Offered.Keys.Last() == 41 && Offered.ContainsKey(45), "pre_shared_key comes last, and the modes before it.");
        Require(Offered[41].Length == 2 + 2 + OfferedIdentity.Length + 4 + 2 + 1 + digest, "There is one identity, and one binder of the hash's length.");
        byte[] early = HKDF.Extract(hash, _key, new byte[digest]);
        byte[] binderKey = ScriptedKeys13.ExpandLabel(Suite, early, KeyIsShared ? "ext binder" : "res binder", CryptographicOperations.HashData(hash, []), digest);
        byte[] finishedKey = ScriptedKeys13.ExpandLabel(Suite, binderKey, "finished", [], digest);
        byte[] said = [.. _transcript, .. hello[..^(digest + 3)]];
        Require(hello.AsSpan(hello.Length - digest).SequenceEqual(CryptographicOperations.HmacData(hash, finishedKey, CryptographicOperations.HashData(hash, said))), "The binder verifies.");
    }

    private byte[] Retry(byte[] hello)
    {
        if (_retriesSent++ == 0)
        {
            byte[] hash = CryptographicOperations.HashData(ScriptedKeys13.HashOf(RetrySuite ?? Suite), hello);
            _transcript.AddRange(Wire.Message(254, hash));
        }
        else
        {
            _transcript.AddRange(hello);
        }

        return HelloRecords(Send(Wire.Message(Wire.ServerHello, RetryBody())));
    }

    private byte[] FirstFlight(byte[] hello)
    {
        _transcript.AddRange(hello);
        _ephemeral = new ScriptedGroup(Group, Seed);
        byte[] serverHello = Send(Wire.Message(Wire.ServerHello, ServerHelloBody()));
        byte[] records = HelloRecords(serverHello);
        if (ClientGroup != Group && !UsesKeyAlone)
        {
            return records; // a test that answers with a group of its own: nothing can be agreed on
        }

        byte[] master = EnterHandshake(UsesKeyAlone ? [] : Offered[51][6..]);
        _master = master;
        byte[] flight = Flight(this, MakeFlight());
        byte[] transcript = TranscriptHash();
        ExporterSecret = ScriptedKeys13.ExpandLabel(Suite, master, "exp master", transcript, master.Length);
        _clientApplicationSecret = ScriptedKeys13.ExpandLabel(Suite, master, "c ap traffic", transcript, master.Length);
        _writer = new ScriptedKeys13(Suite, ScriptedKeys13.ExpandLabel(Suite, master, "s ap traffic", transcript, master.Length));
        return [.. records, .. flight];
    }

    private byte[] EnterHandshake(byte[] share)
    {
        HashAlgorithmName hash = ScriptedKeys13.HashOf(Suite);
        byte[] nothing = CryptographicOperations.HashData(hash, []);
        byte[] zeros = new byte[nothing.Length];
        byte[] early = HKDF.Extract(hash, _key ?? zeros, zeros);
        byte[] secret = HKDF.Extract(hash, share.Length == 0 ? zeros : _ephemeral!.Agree(share), ScriptedKeys13.ExpandLabel(Suite, early, "derived", nothing, zeros.Length));
        byte[] transcript = TranscriptHash();
        _reader = new ScriptedKeys13(Suite, ScriptedKeys13.ExpandLabel(Suite, secret, "c hs traffic", transcript, zeros.Length));
        _writer = new ScriptedKeys13(Suite, ScriptedKeys13.ExpandLabel(Suite, secret, "s hs traffic", transcript, zeros.Length));
        return HKDF.Extract(hash, zeros, ScriptedKeys13.ExpandLabel(Suite, secret, "derived", nothing, zeros.Length));
    }

    private static byte[]? FirstCertificate(byte[] list)
    {
        int at = 3;
        Require((list[0] << 16) + (list[1] << 8) + list[2] == list.Length - 3, "The list of certificates fills the message.");
        byte[]? first = null;
        while (at < list.Length)
        {
            int length = (list[at] << 16) + (list[at + 1] << 8) + list[at + 2];
            first ??= list[(at + 3)..(at + 3 + length)];
            at += 3 + length;
            Require(Take16(list, ref at).Length == 0, "We send no extensions with certificates.");
        }

        return first;
    }

    private static byte[] Take8(byte[] from, ref int at)
    {
        int length = from[at];
        at += 1 + length;
        return from[(at - length)..at];
    }

    private static byte[] Take16(byte[] from, ref int at)
    {
        int length = (from[at] << 8) + from[at + 1];
        at += 2 + length;
        return from[(at - length)..at];
    }

    private byte[] TranscriptHash() => CryptographicOperations.HashData(ScriptedKeys13.HashOf(Suite), [.. _transcript]);

    private byte[] Send(byte[] message)
    {
        byte[] sent = Messages.TryGetValue(message[0], out Func<byte[], byte[]>? change) ? change(message) : message;
        _transcript.AddRange(sent);
        return sent;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidDataException("The client broke this: " + what);
        }
    }
}
