namespace Thimble;

/// <summary>A certificate, or a file, that was offered as a trust anchor and cannot be one.</summary>
/// <param name="Name">The certificate's name, or the file's.</param>
/// <param name="Reason">Why not, in words.</param>
public sealed record SkippedAnchor(string Name, string Reason);
