using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Tests.Tls;

/// <summary>What a test may change in a server that is otherwise correct. All that is left alone is computed rightly.</summary>
internal sealed partial class ScriptedServer
{
    public ushort Suite { get; init; } = ScriptedSuite.EcdsaAes128;

    public ushort Group { get; init; } = ScriptedGroup.P256;

    public ScriptedIdentity Identity { get; init; } = ScriptedIdentity.Of("P-256");

    public int Seed { get; init; } = 1;

    public bool ExtendedMasterSecret { get; init; } = true;

    public bool AsksForCertificate { get; init; }

    public string? Alpn { get; init; }

    public byte MaxFragmentLength { get; init; }

    // ServerHello.
    public ushort Version { get; init; } = 0x0303;

    public byte[] SessionId { get; init; } = new byte[32];

    public ushort? SuiteOnTheWire { get; init; }

    public byte Compression { get; init; }

    /// <summary>Changes the extensions before they are written.</summary>
    public Action<List<(int Type, byte[] Data)>>? Extensions { get; init; }

    // Certificate and CertificateRequest.
    public IReadOnlyList<byte[]>? Chain { get; init; }

    /// <summary>Whether ServerHello says that CertificateStatus may follow; what it holds, or null where it does not.</summary>
    public bool AnnouncesStatus { get; init; }

    public byte[]? CertificateStatus { get; init; }

    public byte[] CertificateTypes { get; init; } = [64, 1];

    public int[] RequestedSchemes { get; init; } = [0x0403, 0x0503, 0x0804, 0x0401];

    public int AuthorityBytes { get; init; }

    // ServerKeyExchange.
    public byte CurveType { get; init; } = 3;

    public ushort? GroupOnTheWire { get; init; }

    public Func<byte[], byte[]> Share { get; init; } = static share => share;

    public ushort? Scheme { get; init; }

    public ushort? SchemeOnTheWire { get; init; }

    public Func<byte[], byte[]> SignedBytes { get; init; } = static bytes => bytes;

    public Func<byte[], byte[]> Signature { get; init; } = static signature => signature;

    /// <summary>The session that goes on, whatever the client offered; null for a full handshake.</summary>
    public ScriptedSession? Resumes { get; init; }

    /// <summary>The ticket to send; null for none, and no announcement.</summary>
    public byte[]? Ticket { get; init; }

    public uint TicketLifetime { get; init; } = 3600;

    /// <summary>The key that was shared beforehand, for the suites that go by one.</summary>
    public byte[] SharedKey { get; init; } = [];

    /// <summary>The hint to it; null leaves it out where it may be left out.</summary>
    public byte[]? Hint { get; init; }

    /// <summary>Puts the ticket into records.</summary>
    public Func<ScriptedServer, byte[]> TicketFlight { get; init; } = static server =>
        server.Ticket is null ? [] : Wire.Record(Wire.Handshake, server.TicketMessage());

    public Func<byte[], byte[]> VerifyData { get; init; } = static data => data;

    /// <summary>Changes a finished message of that type, header included; the transcript takes what is sent.</summary>
    public Dictionary<byte, Func<byte[], byte[]>> Messages { get; init; } = [];

    /// <summary>Puts the first flight's messages into records; each has its own by default.</summary>
    public Func<List<byte[]>, byte[]> FirstFlight { get; init; } = static messages => Wire.Join(messages.Select(static m => Wire.Record(Wire.Handshake, m)));

    /// <summary>Makes ChangeCipherSpec and Finished.</summary>
    public Func<ScriptedServer, byte[]> SecondFlight { get; init; } = static server =>
        [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. server.Seal(Wire.Handshake, server.FinishedMessage())];

    /// <summary>Replaces the body of a message and sets its length right.</summary>
    public static Func<byte[], byte[]> Body(Func<byte[], byte[]> change) => message => Wire.Message(message[0], change(message[4..]));

    /// <summary>The same length in the header, whatever the body has become.</summary>
    public static Func<byte[], byte[]> BodyUnderOldLength(Func<byte[], byte[]> change) => message => [.. message[..4], .. change(message[4..])];
}
