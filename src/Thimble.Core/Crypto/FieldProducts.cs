using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>Chooses the long multiplication of the 32-bit kernels, so that secret and public arithmetic share one source.</summary>
internal interface IFieldProducts
{
    /// <summary>Whether the factors may be secret.</summary>
    static abstract bool AreSecret { get; }

    /// <summary>a · b.</summary>
    static abstract ulong Multiply(uint a, uint b);
}

/// <summary>Products of secrets. Leaks: nothing.</summary>
internal readonly struct SecretProducts : IFieldProducts
{
    /// <inheritdoc/>
    public static bool AreSecret => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(uint a, uint b) => WideMultiply.Secret(a, b);
}

/// <summary>Products of public numbers, as in signature verification. Leaks both factors on a Cortex-M3.</summary>
internal readonly struct PublicProducts : IFieldProducts
{
    /// <inheritdoc/>
    public static bool AreSecret => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(uint a, uint b) => WideMultiply.Public(a, b);
}
