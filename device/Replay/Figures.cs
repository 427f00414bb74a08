using System.Runtime.InteropServices;

namespace Thimble.Replay;

/// <summary>What the calls of one phase came to: instructions, and bytes of stack beneath the caller.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Figures
{
    public uint Instructions;
    public uint Calls;
    public uint LongestCall;
    public uint DeepestStack;

    public void Add(uint instructions)
    {
        Instructions += instructions;
        Calls++;
        LongestCall = instructions > LongestCall ? instructions : LongestCall;
    }
}
