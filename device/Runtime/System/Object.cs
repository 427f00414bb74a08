namespace System;

/// <summary>The root of all types. No object is ever made on a device: this is here because the compiler asks for it.</summary>
public class Object
{
    private nint _methodTable;

    public Object()
    {
    }

    public virtual bool Equals(object obj) => false;

    public virtual int GetHashCode() => 0;

    public virtual string ToString() => null;
}

public abstract class ValueType
{
}

public abstract class Enum : ValueType
{
}

public sealed class String
{
    public readonly int Length;
}

public abstract class Array
{
}

internal class Array<T> : Array
{
}

public abstract class Delegate
{
}

public abstract class MulticastDelegate : Delegate
{
}

public class Exception
{
}

public class Type
{
}

public class AppContext
{
}

public struct RuntimeTypeHandle
{
}

public struct RuntimeMethodHandle
{
}

public struct RuntimeFieldHandle
{
}

public interface IEquatable<T>
    where T : allows ref struct
{
    bool Equals(T other);
}

public interface IComparable<T>
    where T : allows ref struct
{
    int CompareTo(T other);
}

public interface IDisposable
{
    void Dispose();
}
