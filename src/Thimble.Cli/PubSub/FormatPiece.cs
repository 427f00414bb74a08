namespace Thimble.Cli.PubSub;

/// <summary>One piece of a format: text as it stands, a parameter of the message, or a conversion of the time.</summary>
/// <param name="Start">What begins it: '%', '@', or nothing for text.</param>
/// <param name="Conversion">The letter behind it.</param>
/// <param name="Text">The text, in UTF-8.</param>
/// <param name="LeftAligned">The flag '-'.</param>
/// <param name="ZeroPadded">The flag '0'.</param>
/// <param name="Width">How many bytes it takes at least.</param>
/// <param name="Precision">How many of a string it takes at most, or null.</param>
internal sealed record FormatPiece(char Start, char Conversion, byte[] Text, bool LeftAligned = false, bool ZeroPadded = false, int Width = 0, int? Precision = null);
