using System;
using System.Threading;

namespace Thimble;

/// <summary>Lets one operation of a kind run at a time, and tells a second one so.</summary>
internal sealed class Turn(string operation)
{
    private int _taken;

    /// <summary>Begins an operation.</summary>
    /// <exception cref="InvalidOperationException">Another one runs.</exception>
    public void Take()
    {
        if (!TryTake())
        {
            throw new InvalidOperationException($"{operation} is in progress: wait for its end. One read and one write may overlap, and never two of a kind.");
        }
    }

    /// <summary>Begins an operation unless another one runs.</summary>
    public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

    /// <summary>The operation has ended.</summary>
    public void Leave() => Volatile.Write(ref _taken, 0);
}
