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

    private static ReadOnlySpan<byte> P =>
        "45759b517bf6f80522c2c8658b0b22bfe9ceb099292da328809dad4479f09af76e9d8c479f37359eb96dd9f637d203d6fe0441071d9eeb95af0749eb1efb9be9fee452ae28b29f6aaf6b4de6bb18b5199a830e0b9f36ed299b7baf3de49bb61ea7219c66f5234e9416bd3f25e3a9c47787635af8d9140dbb74362401513754f4"u8;

    private static ReadOnlySpan<byte> Q =>
        "3b3cb5d7be048d9ef3b0be3e0f03f6e8c1ee95abb5240446c4c5f193ec6fbdc58b3680013ba078eb3dd84ecbaa00c3321fe6854b043ead010116b67327de33b53ffd345e1b4c11fc8f92a7d9d3c08645ad0b937868cfd68282bb486f62a5bec7be1080be9af5820743370209ac3878a95efecf5c3d07ea67d172d8103dd845d9"u8;

    private static ReadOnlySpan<byte> Dp =>
        "950a807e2019f0b0d7f54c7d1f9261d976424073d20abb49ed3c855d4d5d097175983c339fc1e5c401381f445b5c60bf7be22f240a38e776a4737ba1379f51bba2532058a77173f928081f9320f73f1c909e88fbe5bb0b28b0a045a6a79874e6c47d843727a746b5a3e2e4be9eeafd451f61c65effef0025844bd4fc93a847a3"u8;

    private static ReadOnlySpan<byte> Dq =>
        "45e1e40ff0b2526cf11c7dd76203add8f682b5d952ce42e5a27b2b8b499cbb8513f2d176b2cc0f269daf182d11e95d9f712c81d381a23127242f6a418b256b0c9294b13f96b6b5570cb88ed0844343e80049c83686f84d17e4acf1b0b7fc38cc0767ebd189b7243b8a3dc6a938335ffac1e297745a73392ec6b02cb2b4bb2667"u8;

    private static ReadOnlySpan<byte> QInv =>
        "ca794e5a70585b3eb792356d57aff2c9c94964d29beb3d5e4714b7144759b96f68f9a453fd5bbf1ad62df4a2bf94289e5b592536fee6382436af094d85ecaa4b00e04ff7b77731bf7ce461c63e649539905b796497d1d522bf993f1b7ddef9c69f76a20b80cae1ca84fa0a407edff37da9b397c63167e002d6c077b1a5579c88"u8;

    internal static ReadOnlySpan<byte> Pkcs1Signature =>
        "2b801f711fa5e65d68574def6400c702030a1d1d1b5e3405baff5e8648fe15152679ed7ad1c2c8e12163807503ab6ffbc2af0edf23a444b11abbb75440841deaa33d4433698aa3868c161120965f94b764a54c250c0c49e036663d18015dceeed9a68292b73c1bcac91062a098bbc4c5a86d0850b1fb003e4997e6567d74eca5878a2f2876fea612b7c7851a33adcde6170a82478f5e50405f2a4e73a73f728626648fb793699c3a589a695e8179bf4e7c370b4b243ad0e269e95d5ee41f8e41a39e5bf398fc0fec50e9371907310ffce3d527ec1a4affc6c7db8202009d1ba87bd459a75bc09c891706c89614a7fb7978c7d93ee8fbce78f69b8f84ea3eeb74"u8;

    private static ReadOnlySpan<byte> PssSignature =>
        "885dd1a4f8a614803c904398b1388b3dcdb5049184e6dba6a5c4ffaecccd00ad476f4a5a580380fa9dc89587fd4f746e34cf8d2b9da0f4fd3e7e8983367d81d95e8fed5a5ede99fb3868d3bc2cb215d6c3856758c6e6d5544fc05c15cd6f63fff1aecaa65e2684946ce23bf98186fce43eb51be5a5397d45509f359e77e37896584fd785add1340042fdd7f7d64bfe82455377220dd5f2095632fc859ef69cf7cd94eaa40e045f7ad09a3a948de7f540a4c16959c6ec07f5047d52d271db5a852f9a0b33f28298e8935098b0897bf02622f041161418af250ca690bc0cf1ab6f2991ed7e3e8b44fe3c16724937b0d82f71ca1d5d1baae0416100d8181d787e62"u8;

    internal static ReadOnlySpan<byte> Digest => "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"u8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("RSA-2048 verify, PKCS#1 v1.5"u8);
        VerifyPkcs1(ref bench, bench.Hex(Modulus), bench.Hex(Digest), bench.Hex(Pkcs1Signature));
        bench.Begin("RSA-2048 verify, PSS"u8);
        VerifyPss(ref bench, bench.Hex(Modulus), bench.Hex(Digest), bench.Hex(PssSignature));
        bench.Begin("RSA-2048 refuses another digest"u8);
        RefuseDigest(ref bench, bench.Hex(Modulus), bench.Hex(Digest), bench.Hex(Pkcs1Signature));
        bench.Begin("RSA-2048 sign, PKCS#1 v1.5"u8);
        Sign(ref bench);
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

    /// <summary>The key, in memory of the bench.</summary>
    internal static RsaPrivateKey Key(ref Workbench bench) => new()
    {
        Bits = Bits,
        Exponent = 65537,
        Modulus = bench.Hex(Modulus),
        P = bench.Hex(P),
        Q = bench.Hex(Q),
        Dp = bench.Hex(Dp),
        Dq = bench.Hex(Dq),
        QInv = bench.Hex(QInv),
    };

    private static void Sign(ref Workbench bench)
    {
        RsaPrivateKey key = Key(ref bench);
        Span<byte> digest = bench.Hex(Digest), random = bench.Take(RsaSign.RandomBytes);
        Span<byte> operation = bench.Take(RsaSign.OperationBytes(Bits)), signature = bench.Take(Bits / 8);
        random.Fill(0x5A);
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = RsaSign.Pkcs1(operation, key, HashAlgorithm.Sha256, digest, random, signature, ref work);
        bench.End(status == StepStatus.Done ? signature : default, Pkcs1Signature);
    }
}
