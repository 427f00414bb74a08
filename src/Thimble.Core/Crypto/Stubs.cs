#pragma warning disable
using System;
namespace Thimble.Crypto;
public ref struct RsaPrivateKey { public int Bits {get;init;} public uint Exponent {get;init;} public ReadOnlySpan<byte> Modulus {get;init;} public ReadOnlySpan<byte> P{get;init;} public ReadOnlySpan<byte> Q{get;init;} public ReadOnlySpan<byte> Dp{get;init;} public ReadOnlySpan<byte> Dq{get;init;} public ReadOnlySpan<byte> QInv{get;init;} }
public static class RsaSign { public static int OperationBytes(int b)=>1600; public static StepStatus Pss(Span<byte> o, scoped in RsaPrivateKey k, HashAlgorithm h, ReadOnlySpan<byte> d, ReadOnlySpan<byte> r, Span<byte> s, ref int work)=>StepStatus.Failed; public static StepStatus Pkcs1(Span<byte> o, scoped in RsaPrivateKey k, HashAlgorithm h, ReadOnlySpan<byte> d, ReadOnlySpan<byte> r, Span<byte> s, ref int work)=>StepStatus.Failed; }
