using System;
using System.Linq;
using System.Net;
using System.Text;

namespace Thimble.Cli.Probe;

/// <summary>Writes a ClientHello (RFC 5246 §7.4.1.2, RFC 8446 §4.1.2).</summary>
internal static class HelloWriter
{
    /// <summary>The message, its header included.</summary>
    /// <param name="recipe">What it says.</param>
    /// <param name="random">32 bytes.</param>
    /// <param name="keyShare">The public key for <see cref="HelloRecipe.KeyShare"/>, or nothing.</param>
    public static byte[] Write(HelloRecipe recipe, ReadOnlyMemory<byte> random, ReadOnlyMemory<byte> keyShare)
    {
        var writer = new WireWriter();
        writer.UInt8(TlsNumbers.ClientHello);
        writer.Vector(3, body =>
        {
            body.UInt16(Math.Min(recipe.Versions[0], TlsNumbers.Tls12));
            body.Bytes(random.Span);
            body.Vector(1, id => id.Bytes(recipe.Offers13 ? random.Span : default)); // RFC 8446 §D.4; in TLS 1.2 a server that names one then keeps sessions itself
            body.List16(recipe.Suites);
            body.UInt16(0x0100); // compression_methods: one, null
            body.Vector(2, extensions => Extensions(recipe, keyShare, extensions));
        });
        return writer.ToArray();
    }

    /// <summary>The message in a record.</summary>
    public static byte[] Record(byte[] message)
    {
        var writer = new WireWriter();
        writer.UInt8(TlsNumbers.Handshake);
        writer.UInt16(TlsNumbers.Tls10); // as every client begins (RFC 8446 §5.1)
        writer.Vector(2, content => content.Bytes(message));
        return writer.ToArray();
    }

    private static void Extensions(HelloRecipe recipe, ReadOnlyMemory<byte> keyShare, WireWriter writer)
    {
        if (recipe.ServerName.Length > 0 && !IPAddress.TryParse(recipe.ServerName, out _))
        {
            byte[] name = Encoding.UTF8.GetBytes(recipe.ServerName);
            writer.Extension(TlsNumbers.ServerName, extension => extension.Vector(2, list =>
            {
                list.UInt8(0); // host_name
                list.Vector(2, host => host.Bytes(name));
            }));
        }

        writer.Extension(TlsNumbers.SupportedGroups, extension => extension.List16(recipe.Groups));
        writer.Extension(TlsNumbers.SignatureAlgorithms, extension => extension.List16(recipe.Schemes));
        writer.Extension(TlsNumbers.SignatureAlgorithmsCert, extension => extension.List16(SignatureNumbers.All));
        if (recipe.Versions.Any(version => version <= TlsNumbers.Tls12))
        {
            writer.Extension(TlsNumbers.PointFormats, extension => extension.UInt16(0x0100));
            writer.Extension(TlsNumbers.ExtendedMasterSecret, _ => { });
            writer.Extension(TlsNumbers.SessionTicket, _ => { });
            writer.Extension(TlsNumbers.RenegotiationInfo, extension => extension.UInt8(0));
        }

        writer.Extension(TlsNumbers.StatusRequest, extension =>
        {
            extension.UInt8(1); // ocsp
            extension.UInt16(0);
            extension.UInt16(0);
        });
        Limits(recipe, writer);
        if (recipe.Offers13)
        {
            writer.Extension(TlsNumbers.SupportedVersions, extension => extension.Vector(1, list =>
            {
                foreach (ushort version in recipe.Versions)
                {
                    list.UInt16(version);
                }
            }));
            writer.Extension(TlsNumbers.PskKeyExchangeModes, extension => extension.UInt16(0x0101)); // one: psk_dhe_ke
            writer.Extension(TlsNumbers.KeyShare, extension => extension.Vector(2, shares =>
            {
                if (keyShare.Length > 0)
                {
                    shares.UInt16((ushort)recipe.KeyShare);
                    shares.Vector(2, share => share.Bytes(keyShare.Span));
                }
            }));
        }
    }

    private static void Limits(HelloRecipe recipe, WireWriter writer)
    {
        if (recipe.MaxFragmentLength != 0)
        {
            writer.Extension(TlsNumbers.MaxFragmentLength, extension => extension.UInt8(recipe.MaxFragmentLength));
        }

        if (recipe.RecordSizeLimit != 0)
        {
            writer.Extension(TlsNumbers.RecordSizeLimit, extension => extension.UInt16(recipe.RecordSizeLimit));
        }

        if (recipe.Alpn.Count > 0)
        {
            writer.Extension(TlsNumbers.Alpn, extension => extension.Vector(2, list =>
            {
                foreach (string protocol in recipe.Alpn)
                {
                    list.Vector(1, name => name.Bytes(Encoding.UTF8.GetBytes(protocol)));
                }
            }));
        }
    }
}
