using System;
using Thimble.Memory;

namespace Thimble;

/// <summary>A connection ended with a fault. The message is its explanation.</summary>
public sealed class TlsFaultException : ThimbleException
{
    /// <summary>An exception without a fault; prefer the one with it.</summary>
    public TlsFaultException()
    {
    }

    /// <summary>An exception without a fault; prefer the one with it.</summary>
    public TlsFaultException(string message)
        : base(message)
    {
    }

    /// <summary>An exception without a fault; prefer the one with it.</summary>
    public TlsFaultException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An exception for <paramref name="fault"/>.</summary>
    public TlsFaultException(Fault fault, FaultExplanation explanation)
        : this(fault, explanation, null)
    {
    }

    /// <summary>An exception for <paramref name="fault"/> that something else caused, such as a signer that threw.</summary>
    public TlsFaultException(Fault fault, FaultExplanation explanation, Exception? innerException)
        : base((explanation ?? throw new ArgumentNullException(nameof(explanation))).ToString(), innerException) => Fault = fault;

    /// <summary>The fault as the engine left it.</summary>
    public Fault Fault { get; }

    /// <summary>The usual causes of such a fault, and what to do next.</summary>
    public FaultArticle Article => Fault is { Reason: FaultReason.AlertReceived, Actual: <= byte.MaxValue } ? FaultArticle.OfAlert((byte)Fault.Actual) : FaultArticle.Of(Fault.Reason);
}
