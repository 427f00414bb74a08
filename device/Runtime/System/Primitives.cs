namespace System;

// The primitive types: their arithmetic is the compiler's, so all that remains is what generic code asks of them.

public struct Void
{
}

public struct Single
{
}

public struct Double
{
}

public readonly struct Boolean : IEquatable<bool>
{
    private readonly bool _value;

    public bool Equals(bool other) => _value == other;
}

public readonly struct Char : IEquatable<char>
{
    private readonly char _value;

    public bool Equals(char other) => _value == other;
}

public readonly struct SByte : IEquatable<sbyte>
{
    private readonly sbyte _value;

    public bool Equals(sbyte other) => _value == other;
}

public readonly struct Byte : IEquatable<byte>
{
    private readonly byte _value;

    public static byte Min(byte left, byte right) => left < right ? left : right;

    public static byte Max(byte left, byte right) => left > right ? left : right;

    public static byte Clamp(byte value, byte min, byte max) => (byte)Math.Clamp((uint)value, min, max);

    public bool Equals(byte other) => _value == other;
}

public readonly struct Int16 : IEquatable<short>
{
    private readonly short _value;

    public static short Min(short left, short right) => left < right ? left : right;

    public static short Max(short left, short right) => left > right ? left : right;

    public static short Clamp(short value, short min, short max) => (short)Math.Clamp((int)value, min, max);

    public bool Equals(short other) => _value == other;
}

public readonly struct UInt16 : IEquatable<ushort>
{
    private readonly ushort _value;

    public static ushort Min(ushort left, ushort right) => left < right ? left : right;

    public static ushort Max(ushort left, ushort right) => left > right ? left : right;

    public static ushort Clamp(ushort value, ushort min, ushort max) => (ushort)Math.Clamp((uint)value, min, max);

    public bool Equals(ushort other) => _value == other;
}

public readonly struct Int32 : IEquatable<int>
{
    private readonly int _value;

    public static int Min(int left, int right) => left < right ? left : right;

    public static int Max(int left, int right) => left > right ? left : right;

    public static int Clamp(int value, int min, int max) => Math.Clamp(value, min, max);

    public bool Equals(int other) => _value == other;
}

public readonly struct UInt32 : IEquatable<uint>
{
    private readonly uint _value;

    public static uint Min(uint left, uint right) => left < right ? left : right;

    public static uint Max(uint left, uint right) => left > right ? left : right;

    public static uint Clamp(uint value, uint min, uint max) => Math.Clamp(value, min, max);

    public bool Equals(uint other) => _value == other;
}

public readonly struct Int64 : IEquatable<long>
{
    private readonly long _value;

    public static long Min(long left, long right) => left < right ? left : right;

    public static long Max(long left, long right) => left > right ? left : right;

    public static long Clamp(long value, long min, long max) => Math.Clamp(value, min, max);

    public bool Equals(long other) => _value == other;
}

public readonly struct UInt64 : IEquatable<ulong>
{
    private readonly ulong _value;

    public static ulong Min(ulong left, ulong right) => left < right ? left : right;

    public static ulong Max(ulong left, ulong right) => left > right ? left : right;

    public static ulong Clamp(ulong value, ulong min, ulong max) => Math.Clamp(value, min, max);

    public bool Equals(ulong other) => _value == other;
}

public readonly unsafe struct IntPtr : IEquatable<nint>
{
    private readonly void* _value;

    public static int Size
    {
        [Runtime.CompilerServices.Intrinsic]
        get => sizeof(nint);
    }

    public static nint MaxValue => (nint)0x7FFF_FFFF;

    public bool Equals(nint other) => _value == (void*)other;
}

public readonly unsafe struct UIntPtr : IEquatable<nuint>
{
    private readonly void* _value;

    public static int Size
    {
        [Runtime.CompilerServices.Intrinsic]
        get => sizeof(nuint);
    }

    public static nuint MaxValue => (nuint)0xFFFF_FFFF;

    public bool Equals(nuint other) => _value == (void*)other;
}
