using System;

namespace Thimble.Crypto;

/// <summary>
/// Marks a method whose time may not depend on its secrets. The device check disassembles each one and allows only
/// the conditional branches named here, besides those that lead to the fail-fast of a bounds check.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConstantTimeAttribute : Attribute
{
    /// <summary>How many conditional branches the compiled method may hold for loops and sizes that are public.</summary>
    public int PublicBranches { get; init; }
}
