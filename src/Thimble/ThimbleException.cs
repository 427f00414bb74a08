using System;

namespace Thimble;

/// <summary>The base of what the host side throws: a sentence for people in <see cref="Exception.Message"/>.</summary>
public class ThimbleException : Exception
{
    /// <summary>An exception without a message; prefer the others.</summary>
    public ThimbleException()
    {
    }

    /// <summary>An exception that explains itself.</summary>
    public ThimbleException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that explains itself and keeps its cause.</summary>
    public ThimbleException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
