using System;

namespace Thimble.Tls;

/// <summary>Keying material for protocols above (RFC 5705, RFC 8446 §7.5).</summary>
public ref partial struct TlsClient
{
    /// <summary>
    /// Whether keying material can be exported: the connection is <see cref="Memory.Phase.Connected"/>, its profile
    /// <see cref="Memory.Profile.ExportsKeys"/>, and in TLS 1.2 the server took part in the extended master secret (RFC 7627 §5.4).
    /// </summary>
    public readonly bool CanExport => _prepared && Exporter.IsPossible(_connection);

    /// <summary>
    /// Fills <paramref name="output"/> with keying material that belongs to this connection, to the label and to the
    /// context: the server gets the same. In TLS 1.2 no context differs from an empty one; in TLS 1.3 they are the same.
    /// </summary>
    /// <returns>
    /// False, and nothing is written, where <see cref="CanExport"/> is false, and for what neither version allows: a label
    /// that is empty, longer than 249 bytes, no printable ASCII, or begins with one of TLS 1.2's own; a context above 65,535
    /// bytes, or one that is not <paramref name="hasContext"/>; no output, or more than 255 digests of the suite's hash.
    /// </returns>
    /// <remarks>Bounded: grows with the output and the context. Leaks: label, context and all lengths.</remarks>
    public readonly bool TryExport(ReadOnlySpan<byte> label, ReadOnlySpan<byte> context, bool hasContext, Span<byte> output)
    {
        if (!CanExport || !Exporter.AreLegal(_connection, label, context, hasContext, output.Length))
        {
            return false;
        }

        Exporter.Export(_connection, label, context, hasContext, output);
        return true;
    }
}
