namespace Thimble.Boards;

/// <summary>
/// Who called whom, told from the stack alone: a word that points behind a branch with link was most likely pushed by the
/// function that this branch called. A word left over from earlier can look the same, so this is for people to read.
/// </summary>
internal static unsafe class CallTrace
{
    private const uint LinkOpcode = 0xF000, LinkMask = 0xF800, LinkSecondOpcode = 0xD000;

    /// <summary>The next word at or above an address that looks like a return address; null where the stack ends first.</summary>
    public static uint* Next(uint* word, uint* end, uint codeEnd)
    {
        while (word < end && !FollowsCall(*word, codeEnd))
        {
            word++;
        }

        return word < end ? word : null;
    }

    /// <summary>Return addresses are odd: the lowest bit stands for Thumb.</summary>
    private static bool FollowsCall(uint value, uint codeEnd)
    {
        if ((value & 1) == 0 || value < 5 || value >= codeEnd)
        {
            return false;
        }

        ushort* call = (ushort*)(value - 5);
        return (call[0] & LinkMask) == LinkOpcode && (call[1] & LinkSecondOpcode) == LinkSecondOpcode;
    }
}
