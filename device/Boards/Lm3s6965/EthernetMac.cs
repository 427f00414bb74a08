using System;
using System.Buffers.Binary;

namespace Thimble.Boards;

/// <summary>
/// The Ethernet MAC of the Stellaris family (data sheet §16): polled, with its own 2 KiB of FIFO each way and no buffer here.
/// Its PHY negotiates by itself after reset.
/// </summary>
public static class EthernetMac
{
    private const uint Base = 0x4004_8000;
    private const uint ReceiveControl = Base + 0x08;
    private const uint TransmitControl = Base + 0x0C;
    private const uint Data = Base + 0x10;
    private const uint AddressLow = Base + 0x14;
    private const uint AddressHigh = Base + 0x18;
    private const uint PacketCount = Base + 0x34;
    private const uint TransmissionRequest = Base + 0x38;

    private const uint ReceiveEnabled = 0x01;
    private const uint RejectBadCrc = 0x08;
    private const uint ResetFifo = 0x10;
    private const uint TransmitEnabled = 0x01;
    private const uint PadShortFrames = 0x02;
    private const uint AppendCrc = 0x04;
    private const uint FullDuplex = 0x10;

    private const int LengthBytes = 2;
    private const int CrcBytes = 4;
    private const int HeaderBytes = 14;
    private const int MaxFrameBytes = 1514;

    /// <summary>The longest wait for the frame before: 1,518 bytes at 10 Mbit/s, in polls of at least four cycles.</summary>
    private const int TransmissionPolls = 20_000;

    /// <summary>Starts the MAC with an address whose first byte on the wire is the highest of the low 48 bits.</summary>
    public static void Start(ulong address)
    {
        Board.Register(0x400F_E108) |= 0x5000_0000;   // RCGC2: clocks for MAC and PHY
        ulong wire = BinaryPrimitives.ReverseEndianness(address << 16);
        Board.Register(AddressLow) = (uint)wire;
        Board.Register(AddressHigh) = (uint)(wire >> 32);
        Board.Register(ReceiveControl) = ResetFifo;
        Board.Register(ReceiveControl) = ReceiveEnabled | RejectBadCrc;
        Board.Register(TransmitControl) = TransmitEnabled | PadShortFrames | AppendCrc | FullDuplex;
    }

    /// <summary>
    /// Takes the next frame, without its CRC, into <paramref name="frame"/>. A frame that does not fit is drained, which
    /// <paramref name="bytes"/> tells as a length above the buffer's. Bounded by the longest frame.
    /// </summary>
    public static bool TryReceive(Span<byte> frame, out int bytes)
    {
        bytes = 0;
        if (Board.Read(PacketCount) == 0)
        {
            return false;
        }

        // The first word holds the length of everything, itself and the CRC included, and the first two bytes.
        uint word = Board.Read(Data);
        int total = (int)(word & 0xFFFF);
        bytes = total - LengthBytes - CrcBytes;
        word >>= 16;
        int inWord = 2;
        int kept = bytes <= frame.Length ? bytes : 0;
        for (int at = 0; at < kept; at++)
        {
            if (inWord == 0)
            {
                word = Board.Read(Data);
                inWord = 4;
                total -= 4;
            }

            frame[at] = (byte)word;
            word >>= 8;
            inWord--;
        }

        for (total -= 4; total > 0; total -= 4)
        {
            _ = Board.Read(Data);
        }

        return bytes > 0;
    }

    /// <summary>
    /// Sends a frame that lies in three pieces, gathering them into the FIFO. False, and nothing is sent, where the
    /// frame before it does not get out or this one is too long: the protocols above repeat what is lost.
    /// </summary>
    public static bool TrySend(ReadOnlySpan<byte> header, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int bytes = header.Length + first.Length + second.Length;
        if (bytes < HeaderBytes || bytes > MaxFrameBytes || !IsIdle())
        {
            return false;
        }

        // The length that comes first leaves the Ethernet header out.
        var fifo = new TransmitFifo((uint)(bytes - HeaderBytes));
        fifo.Write(header);
        fifo.Write(first);
        fifo.Write(second);
        fifo.Finish();
        Board.Register(TransmissionRequest) = 1;
        return true;
    }

    private static bool IsIdle()
    {
        for (int poll = 0; poll < TransmissionPolls; poll++)
        {
            if ((Board.Read(TransmissionRequest) & 1) == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Gathers bytes into the words that the FIFO takes.</summary>
    private struct TransmitFifo(uint length)
    {
        private uint _word = length;
        private int _bits = 16;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            foreach (byte value in bytes)
            {
                _word |= (uint)value << _bits;
                _bits += 8;
                if (_bits == 32)
                {
                    Finish();
                }
            }
        }

        public void Finish()
        {
            if (_bits != 0)
            {
                Board.Register(Data) = _word;
                _word = 0;
                _bits = 0;
            }
        }
    }
}
