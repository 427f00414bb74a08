using System;

namespace Thimble.Boards;

/// <summary>What this board can give that an attacker cannot foresee.</summary>
public static class Entropy
{
    private const int ReadsPerByte = 16;

    /// <summary>
    /// Fills <paramref name="destination"/> from the best source of the board. A board with a true random source puts its
    /// tested output here, at least 32 bytes of full entropy in 48 (SP 800-90B). This one has none: it gives the low bits
    /// of the cycle counter after reads whose time the bus and the network decide, which may hold no entropy at all, and in
    /// QEMU with <c>-icount</c> hold none. The secrecy of a connection then rests on the seed in the device image, which
    /// is mixed in by the generator of the core (RULES 24). Bounded.
    /// </summary>
    public static void Fill(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            uint mixed = 0;
            for (int read = 0; read < ReadsPerByte; read++)
            {
                mixed = (mixed << 1) ^ SysTick.Now() ^ Board.Read(0x4004_8034);
            }

            destination[i] = (byte)mixed;
        }
    }
}
