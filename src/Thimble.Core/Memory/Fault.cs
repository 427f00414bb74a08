using System.Runtime.InteropServices;

namespace Thimble.Memory;

/// <summary>
/// What went wrong, where, and the two values that disagreed. It is a plain value inside the buffer, and the first
/// fault of a connection stays: nothing overwrites it.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public struct Fault
{
    /// <summary>The depth of a fault that concerns no certificate.</summary>
    public const byte NoDepth = 0xFF;

    /// <summary>Why; <see cref="FaultReason.None"/> while all is well.</summary>
    public FaultReason Reason;

    /// <summary>The TLS alert that was sent or received (RFC 5246 §7.2.2), or 0.</summary>
    public byte Alert;

    /// <summary>The phase in which it happened.</summary>
    public Phase Phase;

    /// <summary>The certificate it concerns, 0 for the leaf, or <see cref="NoDepth"/>.</summary>
    public byte Depth;

    /// <summary>What was wanted or allowed; its meaning belongs to <see cref="Reason"/>.</summary>
    public uint Expected;

    /// <summary>What was found; its meaning belongs to <see cref="Reason"/>.</summary>
    public uint Actual;
}
