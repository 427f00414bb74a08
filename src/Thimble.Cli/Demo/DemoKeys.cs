using System;
using System.Security.Cryptography;

namespace Thimble.Cli.Demo;

/// <summary>A kind and size of key that the demonstration can make.</summary>
internal sealed record DemoKeys(string Name, Func<AsymmetricAlgorithm> Create)
{
    public static DemoKeys Rsa2048 { get; } = new("RSA 2048", static () => RSA.Create(2048));

    public static DemoKeys Rsa3072 { get; } = new("RSA 3072", static () => RSA.Create(3072));

    public static DemoKeys Rsa4096 { get; } = new("RSA 4096", static () => RSA.Create(4096));

    public static DemoKeys P256 { get; } = new("EC P-256", static () => ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static DemoKeys P384 { get; } = new("EC P-384", static () => ECDsa.Create(ECCurve.NamedCurves.nistP384));
}
