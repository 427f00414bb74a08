using System;
using System.Collections.Generic;

namespace Thimble.Tests.Tls;

/// <summary>What a test may change in a server that is otherwise correct. All that is left alone is computed rightly.</summary>
internal sealed partial class ScriptedServer13
{
    public ushort Suite { get; init; } = ScriptedKeys13.Aes128;

    public ushort Group { get; init; } = ScriptedGroup.Curve25519;

    public ScriptedIdentity Identity { get; init; } = ScriptedIdentity.Of("P-256");

    public int Seed { get; init; } = 1;

    public bool AsksForCertificate { get; init; }

    public int[] RequestedSchemes { get; init; } = [0x0403, 0x0503, 0x0804];

    public string? Alpn { get; init; }

    // HelloRetryRequest: sent where a cookie is given, or where the client's share is of another group.
    public byte[]? Cookie { get; init; }

    public int Retries { get; init; } = 1;

    public ushort? RetrySuite { get; init; }

    public Action<List<(int Type, byte[] Data)>>? RetryExtensions { get; init; }

    // ServerHello.
    public byte[]? Random { get; init; }

    public ushort Version { get; init; } = 0x0303;

    public Func<byte[], byte[]> SessionId { get; init; } = static sent => sent;

    public ushort? SuiteOnTheWire { get; init; }

    public ushort? GroupOnTheWire { get; init; }

    public Func<byte[], byte[]> Share { get; init; } = static share => share;

    /// <summary>Changes the extensions before they are written.</summary>
    public Action<List<(int Type, byte[] Data)>>? HelloExtensions { get; init; }

    public Action<List<(int Type, byte[] Data)>>? EncryptedExtensions { get; init; }

    public Action<List<(int Type, byte[] Data)>>? RequestExtensions { get; init; }

    // pre_shared_key: the key that goes with an identity, or null for one that is not known here.
    public Func<byte[], byte[]?> KeyOf { get; init; } = static _ => null;

    public bool KeyIsShared { get; init; }

    /// <summary>Whether a known key is used without a key agreement.</summary>
    public bool WithoutShare { get; init; }

    /// <summary>Which identity ServerHello names where a key is used.</summary>
    public int SelectedIdentity { get; init; }

    // Certificate, CertificateVerify, Finished.
    public byte[] Context { get; init; } = [];

    public IReadOnlyList<byte[]>? Chain { get; init; }

    public byte[] EntryExtensions { get; init; } = [];

    /// <summary>Those of the leaf alone, behind the ones of every entry.</summary>
    public byte[] LeafExtensions { get; init; } = [];

    public int? Scheme { get; init; }

    public int? SchemeOnTheWire { get; init; }

    public Func<byte[], byte[]> SignedBytes { get; init; } = static bytes => bytes;

    public Func<byte[], byte[]> Signature { get; init; } = static signature => signature;

    public Func<byte[], byte[]> VerifyData { get; init; } = static data => data;

    /// <summary>Changes a finished message of that type, header included; the transcript takes what is sent.</summary>
    public Dictionary<byte, Func<byte[], byte[]>> Messages { get; init; } = [];

    /// <summary>Puts ServerHello, or HelloRetryRequest, into records, and ChangeCipherSpec behind it.</summary>
    public Func<byte[], byte[]> HelloRecords { get; init; } = static hello => [.. Wire.Record(Wire.Handshake, hello), .. Wire.Record(Wire.ChangeCipherSpec, [1])];

    /// <summary>Puts the protected messages into records; each has its own by default.</summary>
    public Func<ScriptedServer13, List<byte[]>, byte[]> Flight { get; init; } = static (server, messages) =>
        Wire.Join(System.Linq.Enumerable.Select(messages, m => server.Seal(Wire.Handshake, m)));

    /// <summary>What comes when the client's Finished was right.</summary>
    public Func<ScriptedServer13, byte[]> AfterFinished { get; init; } = static _ => [];
}
