using System;

namespace Thimble.Boards;

/// <summary>What this board can give that an attacker cannot foresee.</summary>
public static class Entropy
{
    private const int ReadsPerByte = 16;

    /// <summary>
    /// Fills <paramref name="destination"/> from the best source of the board, which is none: the low bits of the cycle
    /// counter against the Ethernet DMA's, which may hold no entropy at all. The secrecy of a connection rests on the
    /// seed in the device image and on the boot counter, which the core's generator mixes in (RULES 24). Bounded.
    /// </summary>
    public static void Fill(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            uint mixed = 0;
            for (int read = 0; read < ReadsPerByte; read++)
            {
                mixed = (mixed << 1) ^ SysTick.Now() ^ Board.Read(0x5000_0114);
            }

            destination[i] = (byte)mixed;
        }
    }
}
