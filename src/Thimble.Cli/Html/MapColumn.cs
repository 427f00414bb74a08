using Thimble.Memory;

namespace Thimble.Cli.Html;

/// <summary>One column of a map: a stretch of time in which the same regions are alive.</summary>
/// <param name="Phase">The phase in which it lies.</param>
/// <param name="Name">The message or the work, or nothing where the column is the whole phase.</param>
/// <param name="Style">The class of its bars.</param>
/// <param name="BytesRead">What came, where it is known.</param>
/// <param name="BytesWritten">What went.</param>
/// <param name="Work">What was computed.</param>
/// <param name="Milliseconds">How long the engine worked.</param>
internal sealed record MapColumn(Phase Phase, string Name = "", string Style = "state", int BytesRead = 0, int BytesWritten = 0, int Work = 0, double Milliseconds = 0);
