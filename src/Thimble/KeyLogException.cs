using System;

namespace Thimble;

/// <summary>The key log that was asked for cannot be written. The message says why and what to do.</summary>
public sealed class KeyLogException : ThimbleException
{
    /// <summary>An exception without a message; prefer the others.</summary>
    public KeyLogException()
    {
    }

    /// <summary>An exception that explains itself.</summary>
    public KeyLogException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that explains itself and keeps its cause.</summary>
    public KeyLogException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
