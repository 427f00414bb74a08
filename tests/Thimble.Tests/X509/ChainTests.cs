using System;
using System.Collections.Generic;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

public sealed class ChainTests
{
    [Theory]
    [InlineData("RSA-2048", 1, 0)]
    [InlineData("RSA-2048", 3, 0)]
    [InlineData("RSA-2048", 4, 3000)]
    [InlineData("RSA-2048", 8, 0)]
    public void A_chain_that_leads_to_the_anchor_is_complete(string kind, int certificates, int ballast)
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(certificates, kind, ballast);
        ChainOutcome outcome = new ChainHarness { Image = TestPki.Image(root) }.Run(chain);
        Assert.Equal(ChainStatus.Complete, outcome.Status);
    }
}
