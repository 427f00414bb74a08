using System;
using Thimble.Crypto;

namespace Thimble.KnownAnswers;

/// <summary>ECDH (RFC 5903 §8.1, §8.2), X25519 (RFC 7748 §5.2) and ECDSA (RFC 6979 A.2.5 to A.2.7).</summary>
internal static class CurveAnswers
{
    internal static ReadOnlySpan<byte> P256Private => "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433"u8;

    private static ReadOnlySpan<byte> P256Public =>
        "04dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3"u8;

    private static ReadOnlySpan<byte> P256Peer =>
        "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"u8;

    private static ReadOnlySpan<byte> P256Shared => "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"u8;

    private static ReadOnlySpan<byte> P384Private =>
        "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab194"u8;

    private static ReadOnlySpan<byte> P384Public =>
        "04667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f41aa9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c634573a81c"u8;

    private static ReadOnlySpan<byte> P384Peer =>
        "04e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3571dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e6386c"u8;

    private static ReadOnlySpan<byte> P384Shared =>
        "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59746"u8;

    private static ReadOnlySpan<byte> X25519Scalar => "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"u8;

    private static ReadOnlySpan<byte> X25519Point => "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"u8;

    private static ReadOnlySpan<byte> X25519Result => "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"u8;

    internal static ReadOnlySpan<byte> P256SigningKey => "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"u8;

    private static ReadOnlySpan<byte> P256VerifyingKey =>
        "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb67903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"u8;

    internal static ReadOnlySpan<byte> Sha256Sample => "af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf"u8;

    internal static ReadOnlySpan<byte> P256Signature =>
        "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"u8;

    private static ReadOnlySpan<byte> P384SigningKey =>
        "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5"u8;

    private static ReadOnlySpan<byte> P384VerifyingKey =>
        "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc138015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720"u8;

    private static ReadOnlySpan<byte> Sha384Sample =>
        "9a9083505bc92276aec4be312696ef7bf3bf603f4bbd381196a029f340585312313bca4a9b5b890efee42c77b1ee25fe"u8;

    private static ReadOnlySpan<byte> P384Signature =>
        "306602310094edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe4602310099ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8"u8;

    private static ReadOnlySpan<byte> P521VerifyingKey =>
        "01894550d0785932e00eaa23b694f213f8c3121f86dc97a04e5a7167db4e5bcd371123d46e45db6b5d5370a7f20fb633155d38ffa16d2bd761dcac474b9a2f5023a400493101c962cd4d2fddf782285e64584139c2f91b47f87ff82354d6630f746a28a0db25741b5b34a828008b22acc23f924faafbd4d33f81ea66956dfeaa2bfdfcf5"u8;

    private static ReadOnlySpan<byte> Sha512Sample =>
        "39a5e04aaff7455d9850c605364f514c11324ce64016960d23d5dc57d3ffd8f49a739468ab8049bf18eef820cdb1ad6c9015f838556bc7fad4138b23fdf986c7"u8;

    private static ReadOnlySpan<byte> P521Signature =>
        "308187024200c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e377fa0241617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4a67a"u8;

    public static void Run(ref Workbench bench)
    {
        bench.Begin("P-256 public key"u8);
        PublicKey(ref bench, NamedGroup.Secp256r1, P256Private, P256Public);
        bench.Begin("P-256 agreement"u8);
        Agree(ref bench, NamedGroup.Secp256r1, P256Private, P256Peer, P256Shared);
        bench.Begin("P-384 public key"u8);
        PublicKey(ref bench, NamedGroup.Secp384r1, P384Private, P384Public);
        bench.Begin("P-384 agreement"u8);
        Agree(ref bench, NamedGroup.Secp384r1, P384Private, P384Peer, P384Shared);
        bench.Begin("X25519"u8);
        ScalarMultiply(ref bench);
        bench.Begin("ECDSA P-256 verify"u8);
        Verify(ref bench, NamedGroup.Secp256r1, P256VerifyingKey, Sha256Sample, P256Signature);
        bench.Begin("ECDSA P-384 verify"u8);
        Verify(ref bench, NamedGroup.Secp384r1, P384VerifyingKey, Sha384Sample, P384Signature);
        bench.Begin("ECDSA P-521 verify"u8);
        Verify(ref bench, NamedGroup.Secp521r1, P521VerifyingKey, Sha512Sample, P521Signature);
        bench.Begin("ECDSA P-256 sign and verify own"u8);
        Sign(ref bench, NamedGroup.Secp256r1, HashAlgorithm.Sha256, P256SigningKey, P256VerifyingKey, Sha256Sample, P256Signature);
        bench.Begin("ECDSA P-384 sign and verify own"u8);
        Sign(ref bench, NamedGroup.Secp384r1, HashAlgorithm.Sha384, P384SigningKey, P384VerifyingKey, Sha384Sample, P384Signature);
    }

    private static void PublicKey(ref Workbench bench, NamedGroup group, ReadOnlySpan<byte> privateKeyHex, ReadOnlySpan<byte> expected)
    {
        Span<byte> privateKey = bench.Hex(privateKeyHex), operation = bench.Take(KeyAgreement.OperationBytes(group));
        Span<byte> publicKey = bench.Take(KeyAgreement.PublicKeyBytes(group));
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = KeyAgreement.PublicKey(group, operation, privateKey, publicKey, ref work);
        bench.End(status == StepStatus.Done ? publicKey : default, expected);
    }

    private static void Agree(
        ref Workbench bench, NamedGroup group, ReadOnlySpan<byte> privateKeyHex, ReadOnlySpan<byte> peerHex, ReadOnlySpan<byte> expected)
    {
        Span<byte> privateKey = bench.Hex(privateKeyHex), peer = bench.Hex(peerHex);
        Span<byte> operation = bench.Take(KeyAgreement.OperationBytes(group)), shared = bench.Take(KeyAgreement.SharedSecretBytes(group));
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = KeyAgreement.Agree(group, operation, privateKey, peer, shared, ref work);
        bench.End(status == StepStatus.Done ? shared : default, expected);
    }

    private static void ScalarMultiply(ref Workbench bench)
    {
        Span<byte> scalar = bench.Hex(X25519Scalar), point = bench.Hex(X25519Point);
        Span<byte> operation = bench.Take(X25519.OperationBytes), result = bench.Take(X25519.KeyBytes);
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = X25519.ScalarMultiply(operation, scalar, point, result, ref work);
        bench.End(status == StepStatus.Done ? result : default, X25519Result);
    }

    private static void Verify(
        ref Workbench bench, NamedGroup group, ReadOnlySpan<byte> publicKeyHex, ReadOnlySpan<byte> digestHex, ReadOnlySpan<byte> signatureHex)
    {
        Span<byte> publicKey = bench.Hex(publicKeyHex), digest = bench.Hex(digestHex), signature = bench.Hex(signatureHex);
        Span<byte> operation = bench.Take(Ecdsa.VerifyOperationBytes(group));
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        bench.End(Ecdsa.Verify(group, operation, publicKey, digest, signature, ref work) == StepStatus.Done);
    }

    private static void Sign(
        ref Workbench bench,
        NamedGroup group,
        HashAlgorithm hash,
        ReadOnlySpan<byte> privateKeyHex,
        ReadOnlySpan<byte> publicKeyHex,
        ReadOnlySpan<byte> digestHex,
        ReadOnlySpan<byte> expected)
    {
        Span<byte> privateKey = bench.Hex(privateKeyHex), publicKey = bench.Hex(publicKeyHex), digest = bench.Hex(digestHex);
        Span<byte> operation = bench.Take(Ecdsa.SignOperationBytes(group)), signature = bench.Take(Ecdsa.MaxSignatureBytes(group));
        int work = int.MaxValue;
        bench.Start();
        operation[..8].Clear();
        StepStatus status = Ecdsa.Sign(group, operation, privateKey, publicKey, hash, digest, default, signature, out int written, ref work);
        bench.End(status == StepStatus.Done ? signature[..written] : default, expected);
    }
}
