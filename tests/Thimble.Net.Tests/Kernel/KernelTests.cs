using System.Diagnostics;
using Thimble.Testing;
using Xunit;

namespace Thimble.Net.Tests.Kernel;

/// <summary>ARP, ICMP, DHCP and DNS against the Linux kernel, iputils and dnsmasq. Needs root.</summary>
[Trait("Category", "Peer")]
public class KernelTests
{
    [PeerFact("ip", "ping")]
    public void TheKernelFindsUsAndPings()
    {
        using var space = new TapNamespace();
        Process host = space.StartHost("address 192.0.2.2 24 0.0.0.0 serve");
        try
        {
            TapNamespace.Line(host, "serving");
            foreach (string bytes in (string[])["0", "1", "57", "1472"])
            {
                Process ping = space.Start("ping", "-n", "-c", "3", "-i", "0.1", "-W", "5", "-s", bytes, "192.0.2.2");
                Assert.Contains("3 received, 0% packet loss", TapNamespace.Output(ping));
                TapNamespace.End(ping);
            }

            host.StandardInput.Close();
            TapNamespace.Line(host, "served");
        }
        finally
        {
            TapNamespace.End(host);
        }
    }

    [PeerFact("ip", "dnsmasq")]
    public void DnsmasqLeasesAnAddressAndKnowsNames()
    {
        using var space = new TapNamespace();
        Process server = space.Start(
            "dnsmasq", "-k", "-C", "/dev/null", "--pid-file=", "--user=root", "--log-facility=-", "-i", "tap0", "--bind-interfaces", "--no-resolv",
            "--no-hosts", "--no-ping", "--leasefile-ro", "--dhcp-range=192.0.2.50,192.0.2.60,10m", "--host-record=broker.test,198.51.100.7", "--cname=alias.test,broker.test",
            "--address=/nowhere.test/");
        Process host = space.StartHost("dhcp resolve broker.test resolve alias.test resolve nowhere.test");
        try
        {
            Assert.Matches(@"^dhcp 192\.0\.2\.5\d via 192\.0\.2\.1 names 192\.0\.2\.1$", TapNamespace.Line(host, "dhcp"));
            Assert.Equal("resolve 198.51.100.7", TapNamespace.Line(host, "resolve"));
            Assert.Equal("resolve 198.51.100.7", TapNamespace.Line(host, "resolve"));
            Assert.Equal("resolve DnsNameUnknown", TapNamespace.Line(host, "resolve"));
        }
        finally
        {
            TapNamespace.End(host);
            TapNamespace.End(server);
        }
    }
}
