using System;

namespace Thimble;

/// <summary>
/// A file of certificates or keys cannot be used. The message names the file, what was expected, what was found, and
/// what to do about it.
/// </summary>
public sealed class CredentialException : ThimbleException
{
    /// <summary>An exception without a message; prefer the others.</summary>
    public CredentialException()
    {
    }

    /// <summary>An exception that explains itself.</summary>
    public CredentialException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that explains itself and keeps its cause.</summary>
    public CredentialException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal CredentialException(CredentialProblem problem, string source, string found, string whatToDo, Exception? cause = null)
        : base($"{source}: {found} {whatToDo}", cause)
    {
        Problem = problem;
        SourceName = source;
    }

    /// <summary>What is wrong, for programs.</summary>
    public CredentialProblem Problem { get; }

    /// <summary>The file, or what stands for it.</summary>
    public string SourceName { get; } = "";
}
