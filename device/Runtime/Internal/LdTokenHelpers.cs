using System;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>Handles of constant data; the compiler resolves the uses that matter and only wants the names to exist.</summary>
internal static class LdTokenHelpers
{
    private static RuntimeTypeHandle GetRuntimeTypeHandle(nint type) => default;

    private static RuntimeMethodHandle GetRuntimeMethodHandle(nint method) => default;

    private static RuntimeFieldHandle GetRuntimeFieldHandle(nint field) => default;

    private static Type GetRuntimeType(nint type) => null;
}
