using System;
using System.Diagnostics.CodeAnalysis;

namespace Thimble.Cli;

/// <summary>Options that are well-formed one by one and make no sense together.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught in this tool only.")]
internal sealed class UsageException(string message) : Exception(message);
