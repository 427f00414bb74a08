using System;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>
/// RSA with a key of 2048 bits that was made for this test; the PKCS#1 v1.5 signature is the only one that exists
/// (RFC 8017 §8.2), the PSS signature is another implementation's. All over SHA-256 of "abc".
/// </summary>
internal static class RsaAnswers
{
    private const int Bits = 2048;

    private static ReadOnlySpan<byte> Modulus =>
        "e732191b291517bd9189279f8b1be8529c0e207b2a57f873045c35711c86654ef3ea8b638fcbe729dd48856e5eaa23ccd1068375b3bfeb9121da4f9b6c28a52f0cd10325c6d954fa0f01ec38bd024fec7181d75756a82f4ee0a84b62a07bf98ee0a45b691c3ae967c9a5924c50f8475de03c1732dfc2f8de8338e3cf0a67bb03b5dd29e7b4578ed43396a7a1b90c3c094a87f5a83a465e5238a45948cabfda6d46244d572836de8e63668e9da068f2459914916d243de4f301dfffd25ab461b01d0ee23b16b87d7d2c420af03f7b7f77c3c78517acad63e0086a8ee0d53218bdb60f01c33ab732435c9ab14b77a67c993e4ea35095ac938c48609ee9f70b5ecf"u8;

    private static ReadOnlySpan<byte> Pkcs1Signature =>
        "2b801f711fa5e65d68574def6400c702030a1d1d1b5e3405baff5e8648fe15152679ed7ad1c2c8e12163807503ab6ffbc2af0edf23a444b11abbb75440841deaa33d4433698aa3868c161120965f94b764a54c250c0c49e036663d18015dceeed9a68292b73c1bcac91062a098bbc4c5a86d0850b1fb003e4997e6567d74eca5878a2f2876fea612b7c7851a33adcde6170a82478f5e50405f2a4e73a73f728626648fb793699c3a589a695e8179bf4e7c370b4b243ad0e269e95d5ee41f8e41a39e5bf398fc0fec50e9371907310ffce3d527ec1a4affc6c7db8202009d1ba87bd459a75bc09c891706c89614a7fb7978c7d93ee8fbce78f69b8f84ea3eeb74"u8;

    private static ReadOnlySpan<byte> PssSignature =>
        "885dd1a4f8a614803c904398b1388b3dcdb5049184e6dba6a5c4ffaecccd00ad476f4a5a580380fa9dc89587fd4f746e34cf8d2b9da0f4fd3e7e8983367d81d95e8fed5a5ede99fb3868d3bc2cb215d6c3856758c6e6d5544fc05c15cd6f63fff1aecaa65e2684946ce23bf98186fce43eb51be5a5397d45509f359e77e37896584fd785add1340042fdd7f7d64bfe82455377220dd5f2095632fc859ef69cf7cd94eaa40e045f7ad09a3a948de7f540a4c16959c6ec07f5047d52d271db5a852f9a0b33f28298e8935098b0897bf02622f041161418af250ca690bc0cf1ab6f2991ed7e3e8b44fe3c16724937b0d82f71ca1d5d1baae0416100d8181d787e62"u8;

    private static ReadOnlySpan<byte> Digest => "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"u8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("RSA-2048 verify, PKCS#1 v1.5"u8);
        VerifyPkcs1(ref bench, bench.Hex(Modulus), bench.Hex(Digest), bench.Hex(Pkcs1Signature));
        bench.Begin("RSA-2048 verify, PSS"u8);
        VerifyPss(ref bench, bench.Hex(Modulus), bench.Hex(Digest), bench.Hex(PssSignature));
        bench.Begin("RSA-2048 refuses another digest"u8);
        RefuseDigest(ref bench, bench.Hex(Modulus), bench.Hex(Digest), bench.Hex(Pkcs1Signature));
    }

    private static void VerifyPkcs1(ref Workbench bench, Span<byte> modulus, Span<byte> digest, Span<byte> signature)
    {
        Span<byte> operation = bench.Take(RsaVerify.OperationBytes(Bits));
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        bench.End(RsaVerify.Pkcs1(operation, modulus, Bits, 65537, signature, HashAlgorithm.Sha256, digest, ref work) == StepStatus.Done);
    }

    private static void VerifyPss(ref Workbench bench, Span<byte> modulus, Span<byte> digest, Span<byte> signature)
    {
        Span<byte> operation = bench.Take(RsaVerify.OperationBytes(Bits));
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        bench.End(RsaVerify.Pss(operation, modulus, Bits, 65537, signature, HashAlgorithm.Sha256, digest, ref work) == StepStatus.Done);
    }

    private static void RefuseDigest(ref Workbench bench, Span<byte> modulus, Span<byte> digest, Span<byte> signature)
    {
        Span<byte> operation = bench.Take(RsaVerify.OperationBytes(Bits));
        int work = int.MaxValue;
        digest[31] ^= 1;
        bench.Start();
        operation[..8].Clear();
        bench.End(RsaVerify.Pkcs1(operation, modulus, Bits, 65537, signature, HashAlgorithm.Sha256, digest, ref work) == StepStatus.Failed);
    }
}
