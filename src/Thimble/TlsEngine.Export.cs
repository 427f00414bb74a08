using System;
using System.Text;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>Keying material for protocols above TLS.</summary>
internal sealed partial class TlsEngine
{
    /// <exception cref="InvalidOperationException">This connection exports no keys.</exception>
    /// <exception cref="ArgumentException">The label, the context or the length is none that TLS allows.</exception>
    public byte[] Export(string label, ReadOnlySpan<byte> context, bool hasContext, int bytes)
    {
        lock (_gate)
        {
            TlsClient tls = Lens();
            if (!tls.CanExport)
            {
                throw new InvalidOperationException(
                    !_profile.ExportsKeys ? "The profile plans for no exported keys: set ExportsKeys."
                    : tls.Phase != Phase.Connected || tls.Fault.Reason != FaultReason.None ? "Keys are exported from an open connection: complete the handshake first."
                    : "The server has no extended master secret (RFC 7627), without which keys exported in TLS 1.2 may be another connection's, or one side has closed.");
            }

            byte[] output = new byte[bytes];
            return tls.TryExport(Encoding.UTF8.GetBytes(label), context, hasContext, output)
                ? output
                : throw new ArgumentException(
                    $"TLS exports 1 to 255 digests for a label of 1 to 249 printable ASCII letters that is none of its own, with a context of at most 65535 bytes; '{label}', {context.Length} bytes of context and {bytes} bytes do not fit that.",
                    nameof(label));
        }
    }
}
