namespace Thimble;

/// <summary>A certificate that the server sent, as it passed by.</summary>
/// <param name="Subject">The subject's name, or a note that the bytes could not be read.</param>
/// <param name="Bytes">The length of its DER.</param>
/// <param name="Key">The kind and size of its key, such as <c>RSA 2048</c>.</param>
public sealed record PeerCertificate(string Subject, int Bytes, string Key)
{
    /// <summary>The pin of its key, as <see cref="KeyPin.Text"/> has it, or nothing where the bytes could not be read.</summary>
    public string Pin { get; init; } = "";
}
