using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Cli.Demo;
using Xunit;

namespace Thimble.Tests.Demo;

public sealed class DemoPkiTests
{
    [Fact]
    public void The_RSA_chain_has_the_shape_and_length_of_that_of_AWS_IoT()
    {
        using DemoPki pki = DemoPki.Create(DemoKeys.Rsa2048, DemoKeys.P256, DateTimeOffset.UtcNow);
        Assert.Equal(4, pki.ServerChain.Count);
        Assert.Equal(DemoPki.AwsChainBytes, pki.ServerChainBytes);
        Assert.All(pki.ServerChain, certificate => Assert.Equal("RSA 2048", KeyDescription.Describe(certificate)));
        Assert.All(pki.ServerChain, certificate => Assert.NotEqual(certificate.Subject, certificate.Issuer));
        Assert.Equal(pki.Anchor.Subject, pki.ServerChain[^1].Issuer);
    }

    [Fact]
    public void The_chain_leads_to_the_anchor_and_no_shorter_way()
    {
        using DemoPki pki = DemoPki.Create(DemoKeys.P256, DemoKeys.Rsa2048, DateTimeOffset.UtcNow);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ExtraStore.AddRange(pki.ServerChain.Skip(1).ToArray());
        chain.ChainPolicy.CustomTrustStore.Add(pki.Anchor);
        Assert.True(chain.Build(pki.ServerChain[0]));
        Assert.Equal(5, chain.ChainElements.Count);
    }

    [Fact]
    public void The_client_certificate_is_signed_by_an_RSA_authority_whatever_its_key()
    {
        using DemoPki pki = DemoPki.Create(DemoKeys.P256, DemoKeys.P256, DateTimeOffset.UtcNow);
        using Credentials credentials = pki.ClientCredentials();
        Assert.IsAssignableFrom<ECDsa>(credentials.ClientKey);
        Assert.Equal("1.2.840.113549.1.1.11", credentials.ClientChain[0].SignatureAlgorithm.Value);
        Assert.Equal("RSA 2048", KeyDescription.Describe(pki.DeviceAuthority));
    }
}
