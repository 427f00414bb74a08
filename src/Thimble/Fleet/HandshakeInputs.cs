using System;
using System.Security.Cryptography;

namespace Thimble;

/// <summary>What one handshake of a fleet's client needs besides the plan. The private key lies in memory of its own until it is disposed of.</summary>
internal sealed class HandshakeInputs : IDisposable
{
    private const int SeedBytes = 48;
    private const int MaxChainBytes = 1 << 14;

    private readonly PlanBuffer _rom;
    private readonly PlanBuffer _seed = new(SeedBytes);

    public HandshakeInputs(Credentials credentials, DateTimeOffset now)
    {
        Credentials = credentials;
        NowUnixSeconds = now.ToUnixTimeSeconds();
        byte[] image = credentials.BuildRomImage(now);
        _rom = new PlanBuffer(image.Length);
        image.CopyTo(_rom.Span);
        CryptographicOperations.ZeroMemory(image);
        RandomNumberGenerator.Fill(_seed.Span);
    }

    public Credentials Credentials { get; }

    public long NowUnixSeconds { get; }

    public Span<byte> RomImage => _rom.Span;

    /// <summary>Read once.</summary>
    public Span<byte> Seed => _seed.Span;

    /// <summary>The server's chain, as it passes by, for explanations.</summary>
    public byte[] PeerChain { get; } = new byte[MaxChainBytes];

    public void Dispose()
    {
        _rom.Dispose();
        _seed.Dispose();
    }
}
