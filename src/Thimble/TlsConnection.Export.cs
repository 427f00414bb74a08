using System;

namespace Thimble;

/// <summary>Keying material for protocols above TLS (RFC 5705, RFC 8446 §7.5).</summary>
public sealed partial class TlsConnection
{
    private const int ChannelBindingBytes = 32;

    /// <summary>
    /// Exports keying material that belongs to this connection, to <paramref name="label"/>, and to no context: the server gets
    /// the same. The profile must say <see cref="Memory.Profile.ExportsKeys"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">This connection exports no keys; the message says why.</exception>
    /// <exception cref="ArgumentException">The label or the length is none that TLS allows.</exception>
    public byte[] ExportKeyingMaterial(string label, int bytes) => Export(label, default, hasContext: false, bytes);

    /// <summary>The same with a context of at most 65,535 bytes. An empty one differs from none in TLS 1.2.</summary>
    /// <exception cref="InvalidOperationException">This connection exports no keys; the message says why.</exception>
    /// <exception cref="ArgumentException">The label, the context or the length is none that TLS allows.</exception>
    public byte[] ExportKeyingMaterial(string label, ReadOnlySpan<byte> context, int bytes) => Export(label, context, hasContext: true, bytes);

    /// <summary>
    /// The channel binding <c>tls-exporter</c> (RFC 9266): 32 bytes by which an authentication above TLS, such as SCRAM, shows that it
    /// runs over this very connection.
    /// </summary>
    /// <exception cref="InvalidOperationException">This connection exports no keys; the message says why.</exception>
    public byte[] ExportChannelBinding() => Export("EXPORTER-Channel-Binding", default, hasContext: true, ChannelBindingBytes);

    private byte[] Export(string label, ReadOnlySpan<byte> context, bool hasContext, int bytes)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return _engine.Export(label, context, hasContext, bytes);
    }
}
