namespace Thimble.Cli.Clouds;

/// <summary>A public root by the SHA-256 of its certificate in DER.</summary>
/// <param name="Name">The common name of its subject.</param>
/// <param name="Sha256">64 hexadecimal digits.</param>
internal sealed record CloudRoot(string Name, string Sha256);
