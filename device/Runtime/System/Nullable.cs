namespace System;

/// <summary>A value that may be missing.</summary>
public readonly struct Nullable<T>
    where T : struct
{
    private readonly bool _hasValue;
    private readonly T _value;

    public Nullable(T value)
    {
        _value = value;
        _hasValue = true;
    }

    public bool HasValue => _hasValue;

    public T Value
    {
        get
        {
            if (!_hasValue)
            {
                FailFast.Stop(StopReason.NullReference);
            }

            return _value;
        }
    }

    public T GetValueOrDefault() => _value;
}
