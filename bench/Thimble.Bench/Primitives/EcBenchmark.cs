using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Thimble.Crypto;

namespace Thimble.Bench.Primitives;

/// <summary>An operation on one of the NIST curves.</summary>
public abstract class EcBenchmark : Comparison
{
    /// <summary>Which curve.</summary>
    [Params(NamedGroup.Secp256r1, NamedGroup.Secp384r1)]
    public NamedGroup Group { get; set; }

    private protected ECCurve Curve => Group == NamedGroup.Secp256r1 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;

    private protected HashAlgorithmName PlatformHash => Group == NamedGroup.Secp256r1 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;

    private protected Crypto.HashAlgorithm Hash => Group == NamedGroup.Secp256r1 ? Crypto.HashAlgorithm.Sha256 : Crypto.HashAlgorithm.Sha384;

    /// <summary>X and Y, as certificates and the ROM image hold them.</summary>
    private protected static byte[] Point(ECParameters key) => [.. key.Q.X!, .. key.Q.Y!];
}
