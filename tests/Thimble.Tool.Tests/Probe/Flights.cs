using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Cli.Probe;
using Thimble.Tests.X509;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Flights of TLS 1.2, made by hand.</summary>
internal static class Flights
{
    public static HelloRecipe Recipe { get; } = new() { Versions = [0x0303], Suites = [0xC02F, 0xC02B], Groups = [23, 29] };

    /// <summary>The messages of a whole flight, in records of at most <paramref name="recordBytes"/>.</summary>
    public static byte[] Whole(int recordBytes, byte fragmentLengthCode = 0, int certificates = 2)
    {
        (TestCertificate _, List<byte[]> chain) = TestPki.Chain(certificates, "P-256");
        byte[] messages =
        [
            .. Message(2, body =>
            {
                body.UInt16(0x0303);
                body.Bytes(new byte[32]);
                body.Vector(1, id => id.Bytes(new byte[32]));
                body.UInt16(0xC02B);
                body.UInt8(0);
                body.Vector(2, extensions =>
                {
                    extensions.Extension(23, _ => { });
                    extensions.Extension(35, _ => { });
                    if (fragmentLengthCode != 0)
                    {
                        extensions.Extension(1, code => code.UInt8(fragmentLengthCode));
                    }
                });
            }),
            .. Message(11, body => body.Vector(3, list => chain.ForEach(certificate => list.Vector(3, der => der.Bytes(certificate))))),
            .. Message(22, body =>
            {
                body.UInt8(1);
                body.Vector(3, response => response.Bytes(new byte[77]));
            }),
            .. Message(12, body =>
            {
                body.UInt8(3);
                body.UInt16(23);
                body.Vector(1, point => point.Bytes(new byte[65]));
                body.UInt16(0x0403);
                body.Vector(2, signature => signature.Bytes(new byte[70]));
            }),
            .. Message(13, body =>
            {
                body.Vector(1, types => types.UInt8(64));
                body.List16([0x0403, 0x0804]);
                body.Vector(2, names => names.Vector(2, name => name.Bytes([0x30, 0])));
            }),
            .. Message(14, _ => { }),
        ];
        return [.. messages.Chunk(recordBytes).SelectMany(Record)];
    }

    /// <summary>A server that shows no certificate and no key: ServerHello, and ServerHelloDone.</summary>
    public static byte[] HelloAndDone
    {
        get
        {
            byte[] whole = Whole(16_384);
            return Record([.. whole.AsSpan(5, 4 + ((whole[6] << 16) | (whole[7] << 8) | whole[8])), 14, 0, 0, 0]);
        }
    }

    private static byte[] Record(byte[] content) => [22, 3, 3, (byte)(content.Length >> 8), (byte)content.Length, .. content];

    private static byte[] Message(int type, Action<WireWriter> body)
    {
        var writer = new WireWriter();
        writer.UInt8(type);
        writer.Vector(3, body);
        return writer.ToArray();
    }
}
