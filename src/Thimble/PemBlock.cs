namespace Thimble;

/// <summary>One PEM block (RFC 7468): its label, the line where it begins, and the bytes in it.</summary>
internal sealed record PemBlock(string Label, int Line, byte[] Content, bool IsEncrypted);
