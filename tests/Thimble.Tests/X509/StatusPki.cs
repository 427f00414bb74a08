using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Tests.X509;

/// <summary>A chain of one kind of key whose leaf a responder answers for, and the responders that may be appointed. Made once for each shape.</summary>
internal sealed class StatusPki
{
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";

    private static readonly ConcurrentDictionary<(string, int, bool), Lazy<StatusPki>> Cache = new();

    private StatusPki(string kind, int certificates, bool mustStaple)
    {
        Kind = kind;
        Root = TestPki.Root(kind, $"CN=Status Root {kind}", 110);
        TestCertificate issuer = Root;
        for (int i = certificates - 1; i > 0; i--)
        {
            issuer = TestPki.Make(new CertificateRecipe { Subject = $"CN=Status CA {i}", Key = TestPki.Key(kind, 110 + i), IsCa = true, DnsNames = [] }, issuer);
            Authorities.Insert(0, issuer);
        }

        Issuer = issuer;
        Leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key(kind, 91), Extensions = mustStaple ? [MustStaple()] : [] }, issuer);
        Image = TestPki.Image(Root);
    }

    public string Kind { get; }

    public TestCertificate Root { get; }

    public List<TestCertificate> Authorities { get; } = [];

    public TestCertificate Issuer { get; }

    public TestCertificate Leaf { get; }

    public byte[] Image { get; }

    /// <summary>The chain as a server sends it.</summary>
    public IReadOnlyList<byte[]> Chain => [Leaf.Der, .. Authorities.Select(static authority => authority.Der)];

    public TestResponder Responder => new() { Leaf = Leaf.Certificate, Issuer = Issuer };

    public static StatusPki Of(string kind, int certificates = 2, bool mustStaple = false) =>
        Cache.GetOrAdd((kind, certificates, mustStaple), _ => new Lazy<StatusPki>(() => new StatusPki(kind, certificates, mustStaple))).Value;

    /// <summary>TLS feature with these numbers (RFC 7633).</summary>
    public static X509Extension MustStaple(bool critical = false, params byte[] features)
    {
        features = features.Length == 0 ? [5] : features;
        byte[] list = [.. features.SelectMany(static feature => (byte[])[2, 1, feature])];
        return new X509Extension("1.3.6.1.5.5.7.1.24", [0x30, (byte)list.Length, .. list], critical);
    }

    /// <summary>A certificate of a responder; the issuer makes it unless somebody else does.</summary>
    public TestCertificate Appoint(CertificateRecipe? recipe = null, TestCertificate? by = null) => TestPki.Make(
        recipe ?? Appointment(), by ?? Issuer);

    public CertificateRecipe Appointment(string? purpose = OcspSigning, X509KeyUsageFlags? usage = X509KeyUsageFlags.DigitalSignature) => new()
    {
        Subject = "CN=Status Responder", Key = TestPki.Key(Kind, 120), DnsNames = [], Purposes = purpose is null ? [] : [purpose], KeyUsage = usage,
        Extensions = [new X509Extension("1.3.6.1.5.5.7.48.1.5", [5, 0], false)],
    };

    /// <summary>A responder with a certificate of its own.</summary>
    public TestResponder Delegated(TestCertificate? responder = null)
    {
        responder ??= Appoint();
        return Responder with { Signer = responder, Certificates = [responder.Der] };
    }
}
