using System;
using System.Runtime;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>What surrounds a method that code outside C# calls: nothing, for there are no threads and no collector.</summary>
internal static class StartupCodeHelpers
{
    [RuntimeExport("RhpReversePInvoke")]
    private static void ReversePInvoke(nint frame)
    {
    }

    [RuntimeExport("RhpReversePInvokeReturn")]
    private static void ReversePInvokeReturn(nint frame)
    {
    }

    /// <summary>No exception exists: reaching a <c>throw</c> is the end.</summary>
    [RuntimeExport("RhpThrowEx")]
    private static void Throw(object exception) => FailFast.Stop(StopReason.FailFast);

    [RuntimeExport("RhpFallbackFailFast")]
    private static void FallbackFailFast() => FailFast.Stop(StopReason.FailFast);
}
