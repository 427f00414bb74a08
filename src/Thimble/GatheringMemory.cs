using System;
using System.Threading;

namespace Thimble;

/// <summary>
/// Memory outside the garbage-collected heap for records that are larger than the engine's window, lent for as long as one
/// is in progress. What comes back wiped is lent again, as many pieces as the machine has processors.
/// </summary>
internal static class GatheringMemory
{
    /// <summary>The longest ciphertext of a record in TLS 1.3, and more than any content (RFC 8446 §5.2).</summary>
    private const int MostBytes = (1 << 14) + 256;

    private static readonly PlanBuffer?[] s_spare = new PlanBuffer?[Environment.ProcessorCount];

    public static PlanBuffer Borrow()
    {
        for (int i = 0; i < s_spare.Length; i++)
        {
            if (Interlocked.Exchange(ref s_spare[i], null) is { } spare)
            {
                return spare;
            }
        }

        return new PlanBuffer(MostBytes);
    }

    /// <summary>Takes wiped memory back.</summary>
    public static void Return(PlanBuffer memory)
    {
        for (int i = 0; i < s_spare.Length; i++)
        {
            if (Interlocked.CompareExchange(ref s_spare[i], memory, null) is null)
            {
                return;
            }
        }

        memory.Dispose();
    }
}
