using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Thimble.Cli.Probe;
using Thimble.Crypto;
using Thimble.Tests.X509;

namespace Thimble.Tool.Tests.Probe;

/// <summary>A server of TLS 1.3 made by hand: x25519, TLS_AES_128_GCM_SHA256 and a key on P-256, and whatever the test says besides. It signs nothing, which a probe cannot know.</summary>
internal sealed class Flight13(byte[] clientHello)
{
    private const ushort Suite = 0x1301, Group = 29, Scheme = 0x0403;

    private static readonly Lazy<List<byte[]>> s_chain = new(() => TestPki.Chain(2, "P-256").Chain);

    /// <summary>The most content of one protected record.</summary>
    public int RecordBytes { get; init; } = 16_384;

    /// <summary>The certificates that it shows.</summary>
    public IReadOnlyList<byte[]> Chain { get; init; } = s_chain.Value;

    /// <summary>What becomes of the messages behind ServerHello before they are protected.</summary>
    public Func<byte[], byte[]> Change { get; init; } = messages => messages;

    /// <summary>Records in the clear between ServerHello and what is protected.</summary>
    public byte[] Between { get; init; } = [20, 3, 3, 0, 1, 1];

    /// <summary>The inner type of the protected records.</summary>
    public byte InnerType { get; init; } = 22;

    /// <summary>The answer to the ClientHello: an alert, a HelloRetryRequest, or the whole flight.</summary>
    public byte[] Answer()
    {
        Dictionary<ushort, byte[]> offered = Extensions();
        if (!Has(offered, 43, 0x0304, 1) || !Has(offered, 10, Group, 2) || !Has(offered, 13, Scheme, 2) || !Suites().Contains(Suite))
        {
            return [21, 3, 3, 0, 2, 2, 40];
        }

        byte[] shares = offered.GetValueOrDefault((ushort)51, [0, 0]);
        return shares is [_, _, 0, (byte)Group, ..] ? Whole(offered, shares[6..]) : Record(22, Hello(RetryRandom, null));
    }

    private static byte[] RetryRandom => SHA256.HashData("HelloRetryRequest"u8);

    private byte[] Whole(Dictionary<ushort, byte[]> offered, byte[] clientShare)
    {
        var share = new KeyShare(NamedGroup.X25519);
        byte[] hello = Hello(new byte[32], share.PublicKey);
        byte[] messages = Change(
        [
            .. Message(8, body => body.Vector(2, list =>
            {
                foreach (ushort limit in (ushort[])[1, 28])
                {
                    if (offered.TryGetValue(limit, out byte[]? asked))
                    {
                        list.Extension(limit, value => value.Bytes(asked));
                    }
                }
            })),
            .. Message(11, body =>
            {
                body.UInt8(0);
                body.Vector(3, list =>
                {
                    foreach (byte[] certificate in Chain)
                    {
                        list.Vector(3, der => der.Bytes(certificate));
                        list.UInt16(0);
                    }
                });
            }),
            .. Message(15, body =>
            {
                body.UInt16(Scheme);
                body.Vector(2, signature => signature.Bytes(new byte[70]));
            }),
        ]);
        return [.. Record(22, hello), .. Between, .. Protect(messages, share.Agree(clientShare)!, [.. clientHello, .. hello])];
    }

    private List<byte> Protect(byte[] messages, byte[] secret, byte[] transcript)
    {
        byte[] empty = SHA256.HashData([]);
        byte[] early = HKDF.Extract(HashAlgorithmName.SHA256, new byte[32], new byte[32]);
        byte[] traffic = Expand(HKDF.Extract(HashAlgorithmName.SHA256, secret, Expand(early, "derived", empty, 32)), "s hs traffic", SHA256.HashData(transcript), 32);
        byte[] iv = Expand(traffic, "iv", [], 12);
        using var cipher = new AesGcm(Expand(traffic, "key", [], 16), 16);
        List<byte> records = [];
        int number = 0;
        foreach (byte[] content in messages.Chunk(RecordBytes))
        {
            byte[] inner = [.. content, InnerType];
            byte[] sealedBytes = new byte[inner.Length], tag = new byte[16], nonce = [.. iv];
            nonce[11] ^= (byte)number;
            nonce[10] ^= (byte)(number++ >> 8);
            int length = inner.Length + tag.Length;
            byte[] header = [23, 3, 3, (byte)(length >> 8), (byte)length];
            cipher.Encrypt(nonce, inner, sealedBytes, tag, header);
            records.AddRange([.. header, .. sealedBytes, .. tag]);
        }

        return records;
    }

    private byte[] Hello(byte[] random, byte[]? share) => Message(2, body =>
    {
        body.UInt16(0x0303);
        body.Bytes(random);
        body.Vector(1, id => id.Bytes(clientHello.AsSpan(39, clientHello[38])));
        body.UInt16(Suite);
        body.UInt8(0);
        body.Vector(2, extensions =>
        {
            extensions.Extension(43, version => version.UInt16(0x0304));
            extensions.Extension(51, key =>
            {
                key.UInt16(Group);
                if (share is not null)
                {
                    key.Vector(2, point => point.Bytes(share));
                }
            });
        });
    });

    private List<ushort> Suites()
    {
        var reader = new WireReader(clientHello.AsSpan(39 + clientHello[38]));
        var list = new WireReader(reader.Vector16());
        List<ushort> suites = [];
        while (!list.IsEmpty)
        {
            suites.Add(list.UInt16());
        }

        return suites;
    }

    private Dictionary<ushort, byte[]> Extensions()
    {
        var reader = new WireReader(clientHello.AsSpan(39 + clientHello[38]));
        reader.Vector16();
        reader.Vector8();
        var list = new WireReader(reader.Vector16());
        Dictionary<ushort, byte[]> all = [];
        while (!list.IsEmpty)
        {
            all[list.UInt16()] = list.Vector16().ToArray();
        }

        return all;
    }

    private static bool Has(Dictionary<ushort, byte[]> offered, ushort extension, ushort value, int lengthBytes) =>
        offered.TryGetValue(extension, out byte[]? content) && content.Skip(lengthBytes).Chunk(2).Any(two => two.Length == 2 && ((two[0] << 8) | two[1]) == value);

    private static byte[] Expand(byte[] secret, string label, byte[] context, int bytes)
    {
        var info = new WireWriter();
        info.UInt16(bytes);
        info.Vector(1, text => text.Bytes(Encoding.ASCII.GetBytes("tls13 " + label)));
        info.Vector(1, value => value.Bytes(context));
        return HKDF.Expand(HashAlgorithmName.SHA256, secret, bytes, info.ToArray());
    }

    private static byte[] Record(byte type, byte[] content) => [type, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Message(int type, Action<WireWriter> body)
    {
        var writer = new WireWriter();
        writer.UInt8(type);
        writer.Vector(3, body);
        return writer.ToArray();
    }
}
