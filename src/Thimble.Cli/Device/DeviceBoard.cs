using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.Device;

/// <summary>A board that the firmware is linked for: a folder beneath <c>device/Boards</c>.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="BufferBytes">What its <c>Board.MemoryBytes</c> gives the firmware; the rest of its RAM is the stack.</param>
internal sealed record DeviceBoard(string Name, int BufferBytes)
{
    /// <summary>The board that QEMU has.</summary>
    public static DeviceBoard Emulated { get; } = new("Lm3s6965", 32 * 1024);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<DeviceBoard> All { get; } = [Emulated, new("Lpc1769", 24 * 1024)];

    /// <summary>The name as it is written on the command line.</summary>
    public string Option => Name.ToLowerInvariant();

    /// <summary>The board of that name, or null.</summary>
    public static DeviceBoard? Find(string? name) => All.FirstOrDefault(board => string.Equals(board.Name, name, StringComparison.OrdinalIgnoreCase));
}
