using System;

namespace Thimble.Boards;

/// <summary>
/// The Ethernet block of the LPC1769 (UM10360 §10): polled, RMII, with descriptors and frames in the RAM that its DMA
/// reaches. Written from the manual and never run.
/// </summary>
/// <remarks>
/// The PHY (a LAN8720 at address 1 on the LPCXpresso board) is told to advertise 100 Mbit/s in full duplex and nothing else, so that
/// the MAC need not learn what was negotiated.
/// </remarks>
public static unsafe class EthernetMac
{
    private const uint Base = 0x5000_0000;
    private const uint Command = Base + 0x100;
    private const uint ReceiveDescriptor = Base + 0x108;
    private const uint ReceiveProduceIndex = Base + 0x114;
    private const uint ReceiveConsumeIndex = Base + 0x118;
    private const uint TransmitDescriptor = Base + 0x11C;
    private const uint TransmitProduceIndex = Base + 0x128;
    private const uint TransmitConsumeIndex = Base + 0x12C;

    // The RAM that the DMA reaches: descriptors and statuses first, then one buffer for each.
    private const uint ReceiveDescriptors = 0x2007_C000;
    private const uint ReceiveStatuses = ReceiveDescriptors + (Receivers * 8);
    private const uint TransmitDescriptors = ReceiveStatuses + (Receivers * 8);
    private const uint TransmitStatuses = TransmitDescriptors + (Transmitters * 8);
    private const uint Buffers = 0x2007_C100;
    private const uint Receivers = 4;
    private const uint Transmitters = 2;
    private const int BufferBytes = 1536;

    private const uint SizeMask = 0x7FF;
    private const uint LastFragment = 1u << 30;
    private const int CrcBytes = 4;
    private const int HeaderBytes = 14;
    private const int MaxFrameBytes = 1514;
    private const int Patience = 100_000;

    /// <summary>Starts the MAC with an address whose first byte on the wire is the highest of the low 48 bits.</summary>
    public static void Start(ulong address)
    {
        Board.Register(0x400F_C0C4) |= 1u << 30;     // PCONP: Ethernet
        Board.Register(0x4002_C008) = 0x5015_0105;   // PINSEL2: RMII at port 1
        Board.Register(0x4002_C00C) = (Board.Read(0x4002_C00C) & ~0xFu) | 5;   // PINSEL3: MDC, MDIO
        Board.Register(Base) = 0xCF00;               // MAC1: reset everything
        Board.Register(Command) = 0x38;
        Board.Register(Base) = 0;
        Board.Register(Base + 0x24) = 0x3C;          // MCFG: MDC is 100 MHz / 64
        SetShape();
        SetAddress(address);
        Negotiate();
        LayDescriptors();
        Board.Register(Base + 0x200) = 0x22;         // RxFilterCtrl: broadcasts, and our address
        Board.Register(Command) = 0x603;             // full duplex, RMII, both ways on
        Board.Register(Base) = 1;                    // MAC1: receive
    }

    /// <summary>
    /// Takes the next frame, without its CRC, into <paramref name="frame"/>. A frame that does not fit is dropped, which
    /// <paramref name="bytes"/> tells as a length above the buffer's. Bounded by the longest frame.
    /// </summary>
    public static bool TryReceive(Span<byte> frame, out int bytes)
    {
        bytes = 0;
        uint index = Board.Read(ReceiveConsumeIndex);
        if (index == Board.Read(ReceiveProduceIndex))
        {
            return false;
        }

        uint status = Board.Read(ReceiveStatuses + (index * 8));
        bytes = (status & LastFragment) != 0 ? (int)(status & SizeMask) + 1 - CrcBytes : 0;
        if (bytes > 0 && bytes <= frame.Length)
        {
            new ReadOnlySpan<byte>((void*)ReceiveBuffer(index), bytes).CopyTo(frame);
        }

        Board.Register(ReceiveConsumeIndex) = (index + 1) & (Receivers - 1);
        return bytes > 0;
    }

    /// <summary>
    /// Sends a frame that lies in three pieces, which are copied to where the DMA reaches them. False, and nothing is
    /// sent, where both buffers are still on their way or the frame is too long: the protocols above repeat what is lost.
    /// </summary>
    public static bool TrySend(ReadOnlySpan<byte> header, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int bytes = header.Length + first.Length + second.Length;
        uint index = Board.Read(TransmitProduceIndex);
        uint next = (index + 1) & (Transmitters - 1);
        if (bytes < HeaderBytes || bytes > MaxFrameBytes || next == Board.Read(TransmitConsumeIndex))
        {
            return false;
        }

        Span<byte> buffer = new((void*)TransmitBuffer(index), BufferBytes);
        header.CopyTo(buffer);
        first.CopyTo(buffer[header.Length..]);
        second.CopyTo(buffer[(header.Length + first.Length)..]);
        Board.Register(TransmitDescriptors + (index * 8) + 4) = LastFragment | (uint)(bytes - 1);
        Board.Register(TransmitProduceIndex) = next;
        return true;
    }

    private static uint ReceiveBuffer(uint index) => Buffers + (index * BufferBytes);

    private static uint TransmitBuffer(uint index) => Buffers + ((Receivers + index) * BufferBytes);

    private static void SetShape()
    {
        Board.Register(Base + 0x04) = 0x31;          // MAC2: full duplex, CRC and padding appended
        Board.Register(Base + 0x08) = 0x15;          // IPGT, for full duplex
        Board.Register(Base + 0x0C) = 0x12;          // IPGR
        Board.Register(Base + 0x14) = BufferBytes;   // MAXF
        Board.Register(Base + 0x18) = 1 << 8;        // SUPP: 100 Mbit/s
    }

    private static void SetAddress(ulong address)
    {
        for (uint register = 0; register < 3; register++)
        {
            uint pair = (uint)address & 0xFFFF;
            Board.Register(Base + 0x40 + (register * 4)) = (pair >> 8) | ((pair & 0xFF) << 8);
            address >>= 16;
        }
    }

    /// <summary>Advertises 100BASE-TX in full duplex, and negotiates anew (IEEE 802.3 §28.2.4).</summary>
    private static void Negotiate()
    {
        WritePhy(4, 0x0101);
        WritePhy(0, 0x1200);
    }

    private static void WritePhy(uint register, uint value)
    {
        Board.Register(Base + 0x28) = (1 << 8) | register;   // MADR
        Board.Register(Base + 0x2C) = value;                 // MWTD
        for (int poll = 0; poll < Patience && (Board.Read(Base + 0x34) & 1) != 0; poll++)
        {
        }
    }

    private static void LayDescriptors()
    {
        for (uint i = 0; i < Receivers; i++)
        {
            Board.Register(ReceiveDescriptors + (i * 8)) = ReceiveBuffer(i);
            Board.Register(ReceiveDescriptors + (i * 8) + 4) = BufferBytes - 1;
        }

        for (uint i = 0; i < Transmitters; i++)
        {
            Board.Register(TransmitDescriptors + (i * 8)) = TransmitBuffer(i);
        }

        Board.Register(ReceiveDescriptor) = ReceiveDescriptors;
        Board.Register(ReceiveDescriptor + 4) = ReceiveStatuses;
        Board.Register(ReceiveDescriptor + 8) = Receivers - 1;
        Board.Register(ReceiveConsumeIndex) = 0;
        Board.Register(TransmitDescriptor) = TransmitDescriptors;
        Board.Register(TransmitDescriptor + 4) = TransmitStatuses;
        Board.Register(TransmitDescriptor + 8) = Transmitters - 1;
        Board.Register(TransmitProduceIndex) = 0;
    }
}
