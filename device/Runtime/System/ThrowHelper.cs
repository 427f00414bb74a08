using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>
/// The checks of this assembly end here. The <c>throw</c> is never reached: it tells the compiler that the call does not
/// return, so that what precedes it moves out of the way of the code that goes on.
/// </summary>
internal static class ThrowHelper
{
    [DoesNotReturn]
    internal static void IndexOutOfRange()
    {
        FailFast.Stop(StopReason.IndexOutOfRange);
        throw null;
    }

    [DoesNotReturn]
    internal static void ArgumentOutOfRange()
    {
        FailFast.Stop(StopReason.ArgumentOutOfRange);
        throw null;
    }
}
