using System;

namespace Thimble;

/// <summary>There is no connection beneath TLS, or it gives no answer. The message says why and what to do.</summary>
public sealed class TransportException : ThimbleException
{
    /// <summary>An exception without a problem; prefer the one with it.</summary>
    public TransportException()
    {
    }

    /// <summary>An exception without a problem; prefer the one with it.</summary>
    public TransportException(string message)
        : base(message)
    {
    }

    /// <summary>An exception without a problem; prefer the one with it.</summary>
    public TransportException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception that explains itself.</summary>
    public TransportException(TransportProblem problem, string message, Exception? innerException = null)
        : base(message, innerException) => Problem = problem;

    /// <summary>What is wrong, for programs.</summary>
    public TransportProblem Problem { get; }
}
