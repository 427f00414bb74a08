using System;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Bench.Primitives;

/// <summary>HMAC-SHA-256 with a key of 32 bytes.</summary>
public class HmacBenchmark : Comparison
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly byte[] _ours = new byte[32];
    private readonly byte[] _theirs = new byte[32];
    private readonly Operation _state = new(Hash.StateBytes(HashAlgorithm.Sha256));
    private byte[] _data = [];

    /// <summary>The length of the message.</summary>
    [Params(64, 16 * 1024)]
    public int Bytes { get; set; }

    public override void Setup()
    {
        _data = RandomNumberGenerator.GetBytes(Bytes);
        Platform();
        Thimble();
        Require(_ours.AsSpan().SequenceEqual(_theirs));
    }

    public override void Platform() => HMACSHA256.HashData(_key, _data, _theirs);

    public override void Thimble()
    {
        Span<byte> state = _state.Begin();
        Hmac.Initialize(HashAlgorithm.Sha256, state, _key);
        Hmac.Update(HashAlgorithm.Sha256, state, _data);
        Hmac.Finish(HashAlgorithm.Sha256, state, _key, _ours);
    }
}
