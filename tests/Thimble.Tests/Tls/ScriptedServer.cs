using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Thimble.Tests.Tls;

/// <summary>
/// A TLS 1.2 server in memory, written from the RFCs over the platform's primitives: client bytes in, server bytes out.
/// It takes the client's messages apart strictly and throws at whatever is wrong with them.
/// </summary>
internal sealed partial class ScriptedServer : IScriptedServer, IDisposable
{
    private readonly List<byte> _incoming = [];
    private readonly List<byte> _handshake = [];
    private readonly List<byte> _transcript = [];
    private ScriptedGroup? _ephemeral;
    private byte[]? _clientCertificate;
    private bool _clientProtected;
    private ulong _readSequence;
    private ulong _writeSequence;

    public byte[] ClientRandom { get; private set; } = [];

    public byte[] ServerRandom { get; private set; } = [];

    public byte[] Premaster { get; private set; } = [];

    public byte[] MasterSecret { get; private set; } = [];

    public byte[] KeyBlock { get; private set; } = [];

    /// <summary>The body of ClientHello.</summary>
    public byte[] ClientHello { get; private set; } = [];

    /// <summary>The session id that the client sent, and its ticket: null where it takes none, empty where it has none.</summary>
    public byte[] OfferedSessionId { get; private set; } = [];

    public byte[]? OfferedTicket { get; private set; }

    /// <summary>The name of the shared key that the client chose.</summary>
    public byte[]? Identified { get; private set; }

    public bool SawClientCertificate { get; private set; }

    public bool SawCertificateVerify { get; private set; }

    public bool SawFinished { get; private set; }

    public int LongestRecord { get; private set; }

    /// <summary>Everything that is neither handshake nor ChangeCipherSpec, decrypted where it was protected.</summary>
    public List<(byte Type, byte[] Content)> Received { get; } = [];

    public byte[] ReceivedData => Wire.Join(Received.Where(static r => r.Type == Wire.ApplicationData).Select(static r => r.Content));

    private ScriptedSuite Arithmetic => field ??= new ScriptedSuite(Suite);

    private int FixedNonceAt => 2 * Arithmetic.KeyBytes;

    /// <summary>Takes what the client sent and gives what the server says to it.</summary>
    public byte[] Answer(ReadOnlySpan<byte> fromClient)
    {
        _incoming.AddRange(fromClient);
        var output = new List<byte>();
        while (TryTakeRecord(out byte type, out byte[] fragment))
        {
            byte[] content = _clientProtected ? OpenFromClient(type, fragment) : fragment;
            LongestRecord = Math.Max(LongestRecord, content.Length);
            output.AddRange(TakeContent(type, content));
        }

        return [.. output];
    }

    /// <summary>The exporter of RFC 5705 §4.</summary>
    public byte[] Export(string label, byte[]? context, int bytes) =>
        Arithmetic.Prf(MasterSecret, label, [.. ClientRandom, .. ServerRandom, .. context is null ? [] : Wire.Vector16(context)], bytes);

    /// <summary>A protected record, with the next sequence number.</summary>
    public byte[] Seal(byte type, byte[] content, int version = 0x0303)
    {
        byte[] key = KeyBlock[Arithmetic.KeyBytes..(2 * Arithmetic.KeyBytes)];
        byte[] nonce = KeyBlock.AsSpan(FixedNonceAt + Arithmetic.FixedNonceBytes, Arithmetic.FixedNonceBytes).ToArray();
        return Wire.Record(type, Arithmetic.Seal(key, nonce, _writeSequence++, type, content), version);
    }

    /// <summary>As if so many records had been sent.</summary>
    public void SkipTo(ulong sequence) => _writeSequence = sequence;

    /// <summary>The server's Finished over all messages so far, which it then belongs to.</summary>
    public byte[] FinishedMessage()
    {
        byte[] verifyData = VerifyData(Arithmetic.Prf(MasterSecret, "server finished", TranscriptHash(), 12));
        return Send(Wire.Message(Wire.Finished, verifyData));
    }

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

    private byte[] OpenFromClient(byte type, byte[] fragment)
    {
        if (!Arithmetic.IsChaCha)
        {
            Require(fragment.AsSpan(0, 8).SequenceEqual(BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder((long)_readSequence))), "The explicit nonce is the sequence number.");
        }

        byte[] nonce = KeyBlock.AsSpan(FixedNonceAt, Arithmetic.FixedNonceBytes).ToArray();
        return Arithmetic.Open(KeyBlock[..Arithmetic.KeyBytes], nonce, _readSequence++, type, fragment);
    }

    private byte[] TakeContent(byte type, byte[] content)
    {
        switch (type)
        {
            case Wire.Handshake:
                _handshake.AddRange(content);
                return TakeMessages();
            case Wire.ChangeCipherSpec:
                Require(!_clientProtected && content is [1] && _handshake.Count == 0, "ChangeCipherSpec is the byte 1, between messages.");
                Require(SawCertificateVerify == (_clientCertificate is not null), "CertificateVerify comes with a certificate.");
                _clientProtected = true;
                return [];
            default:
                Received.Add((type, content));
                return [];
        }
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
        byte[] hashBefore = message[0] is Wire.Finished ? TranscriptHash() : [];
        byte[] signedBefore = message[0] is Wire.CertificateVerify ? [.. _transcript] : [];
        _transcript.AddRange(message);
        byte[] body = message[4..];
        switch (message[0])
        {
            case Wire.ClientHello:
                ClientHello = body;
                ClientRandom = body[2..34];
                TakeOffer(body);
                return Resumes is null ? FirstFlight(MakeFirstFlight()) : Resume();
            case Wire.Certificate:
                Require(AsksForCertificate, "A certificate was asked for.");
                SawClientCertificate = true;
                int listBytes = (body[0] << 16) + (body[1] << 8) + body[2];
                Require(listBytes == body.Length - 3, "The list of certificates fills the message.");
                _clientCertificate = listBytes == 0 ? null : body[6..(6 + (body[3] << 16) + (body[4] << 8) + body[5])];
                return [];
            case Wire.ClientKeyExchange:
                TakeKeyExchange(body);
                DeriveKeys();
                return [];
            case Wire.CertificateVerify:
                Require(VerifiesUnder(_clientCertificate!, signedBefore, body), "CertificateVerify verifies.");
                SawCertificateVerify = true;
                return [];
            case Wire.Finished:
                Require(_clientProtected && body.AsSpan().SequenceEqual(Arithmetic.Prf(MasterSecret, "client finished", hashBefore, 12)), "The client's Finished is right.");
                SawFinished = true;
                return Resumes is null ? [.. TicketFlight(this), .. SecondFlight(this)] : [];
            default:
                throw new InvalidDataException($"The client sent a message of type {message[0]}.");
        }
    }

    private void DeriveKeys()
    {
        MasterSecret = ExtendedMasterSecret
            ? Arithmetic.Prf(Premaster, "extended master secret", TranscriptHash(), 48)
            : Arithmetic.Prf(Premaster, "master secret", [.. ClientRandom, .. ServerRandom], 48);
        ExpandKeys();
    }

    private void ExpandKeys() =>
        KeyBlock = Arithmetic.Prf(MasterSecret, "key expansion", [.. ServerRandom, .. ClientRandom], 2 * (Arithmetic.KeyBytes + Arithmetic.FixedNonceBytes));

    private byte[] TranscriptHash() => CryptographicOperations.HashData(Arithmetic.Hash, [.. _transcript]);

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
