using System.Runtime.Intrinsics;
using Thimble.Crypto;

namespace Thimble.Core.Tests.Crypto;

/// <summary>The x86 instructions without the wide GHASH, so that a processor that has it tests the path of one that has not.</summary>
internal readonly struct GcmNarrowInstructions : IGcmInstructions
{
    public static bool IsSupported => GcmInstructionsX86.IsSupported;

    public static bool HasWideGhash => false;

    public static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> roundKey) => GcmInstructionsX86.Round(state, roundKey);

    public static Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> roundKey) => GcmInstructionsX86.LastRound(state, roundKey);

    public static Vector128<ulong> MultiplyLow(Vector128<ulong> a, Vector128<ulong> b) => GcmInstructionsX86.MultiplyLow(a, b);

    public static Vector128<ulong> MultiplyHigh(Vector128<ulong> a, Vector128<ulong> b) => GcmInstructionsX86.MultiplyHigh(a, b);

    public static Vector128<ulong> MultiplyLowHigh(Vector128<ulong> a, Vector128<ulong> b) => GcmInstructionsX86.MultiplyLowHigh(a, b);
}
