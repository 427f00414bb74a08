namespace System.Runtime.CompilerServices;

/// <summary>What the C# compiler calls for constant data.</summary>
public static class RuntimeHelpers
{
    public static int OffsetToStringData => 8;

    /// <summary>Replaced by the address of the data in flash.</summary>
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle field) => CreateSpan<T>(field);

    [Intrinsic]
    public static bool IsReferenceOrContainsReferences<T>()
        where T : allows ref struct => IsReferenceOrContainsReferences<T>();
}
