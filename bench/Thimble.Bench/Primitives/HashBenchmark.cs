using System;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Bench.Primitives;

/// <summary>A digest of 16 kB.</summary>
public class HashBenchmark : Comparison
{
    private readonly byte[] _data = RandomNumberGenerator.GetBytes(16 * 1024);
    private readonly byte[] _ours = new byte[Hash.MaxDigestBytes];
    private readonly byte[] _theirs = new byte[Hash.MaxDigestBytes];
    private Operation _state = new(0);

    /// <summary>Which hash.</summary>
    [Params(HashAlgorithm.Sha256, HashAlgorithm.Sha384, HashAlgorithm.Sha512)]
    public HashAlgorithm Algorithm { get; set; }

    public override void Setup()
    {
        _state = new Operation(Hash.StateBytes(Algorithm));
        Platform();
        Thimble();
        Require(_ours.AsSpan().SequenceEqual(_theirs));
    }

    public override void Platform() => _ = Algorithm switch
    {
        HashAlgorithm.Sha256 => SHA256.HashData(_data, _theirs),
        HashAlgorithm.Sha384 => SHA384.HashData(_data, _theirs),
        _ => SHA512.HashData(_data, _theirs),
    };

    public override void Thimble()
    {
        Span<byte> state = _state.Begin();
        Hash.Initialize(Algorithm, state);
        Hash.Update(Algorithm, state, _data);
        Hash.Finish(Algorithm, state, _ours);
    }
}
