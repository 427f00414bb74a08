using System.Diagnostics.CodeAnalysis;

namespace Thimble.Cli;

/// <summary>A file of a profile that cannot be read or written; the message is for people.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught in this tool only.")]
internal sealed class ProfileFileException(string message) : ThimbleException(message);
