using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Where a resumable RSA operation stands: its first 8 bytes. Cleared memory is the beginning.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BigMontgomeryProgress
{
    /// <summary>Bytes of this header.</summary>
    public const int Bytes = 8;

    /// <summary>The owner's phase.</summary>
    public byte Phase;

    /// <summary>The owner's part of the operation: which prime it works with.</summary>
    public byte Part;

    /// <summary>Which of the two registers holds X: 0 or 1.</summary>
    public byte Flip;

    /// <summary>The carry above a product that is under way: 0 or 1.</summary>
    public byte Top;

    /// <summary>The rows of the product under way that are done; 0 between products.</summary>
    public ushort Row;

    /// <summary>A loop counter of the phase; 0 when the phase begins.</summary>
    public ushort Count;
}
