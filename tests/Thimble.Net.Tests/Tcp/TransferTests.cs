using System.Linq;
using Thimble.Memory;
using Thimble.Net.Tests.Link;
using Xunit;

namespace Thimble.Net.Tests.Tcp;

/// <summary>Whole transfers over a link that loses, reorders, repeats and damages segments.</summary>
public class TransferTests
{
    private static readonly LinkFaults _bad = new(Drop: 50, Duplicate: 30, Corrupt: 20, Truncate: 10, Delay: 5, Jitter: 40);
    private static readonly LinkFaults _terrible = new(Drop: 250, Duplicate: 100, Corrupt: 50, Truncate: 50, Delay: 50, Jitter: 500);

    [Theory]
    [InlineData(64, 64)]
    [InlineData(97, 1024)]
    [InlineData(1024, 97)]
    [InlineData(1024, 1024)]
    [InlineData(4096, 4096)]
    [InlineData(65535, 65535)]
    public void A_clean_link_carries_200_kB_both_ways(int sendBytes, int receiveBytes) =>
        Assert.Equal(FaultReason.None, new Transfer(sendBytes + receiveBytes, LinkFaults.None, 200_000, sendBytes, receiveBytes, 8192).Run());

    [Theory]
    [InlineData(1024, 1024)]
    [InlineData(1001, 777)]
    [InlineData(8192, 8192)]
    public void A_bad_link_carries_200_kB_both_ways_under_many_seeds(int sendBytes, int receiveBytes)
    {
        foreach (int seed in Enumerable.Range(0, 40))
        {
            Assert.Equal(FaultReason.None, new Transfer(seed, _bad, 200_000, sendBytes, receiveBytes, 4096).Run());
        }
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(256, 100)]
    [InlineData(1024, 1024)]
    [InlineData(4096, 4096)]
    public void A_bad_link_carries_8_kB_both_ways_under_hundreds_of_seeds(int sendBytes, int receiveBytes)
    {
        foreach (int seed in Enumerable.Range(1000, 200))
        {
            Assert.Equal(FaultReason.None, new Transfer(seed, _bad, 8_000, sendBytes, receiveBytes, 700).Run());
        }
    }

    [Fact]
    public void A_terrible_link_ends_complete_or_with_a_named_fault()
    {
        FaultReason[] ends = [.. Enumerable.Range(0, 200).Select(seed => new Transfer(seed, _terrible, 8_000, 1024, 1024, 1500).Run())];

        Assert.All(ends, end => Assert.True(end is FaultReason.None or FaultReason.TcpTimedOut or FaultReason.TcpReset, end.ToString()));
        Assert.True(ends.Count(end => end == FaultReason.None) > 100, string.Join(' ', ends.GroupBy(end => end).Select(group => $"{group.Key}:{group.Count()}")));
    }

    [Fact]
    public void A_peer_with_a_tiny_buffer_and_a_lazy_reader_is_served_by_window_probes()
    {
        foreach (int seed in Enumerable.Range(0, 20))
        {
            Assert.Equal(FaultReason.None, new Transfer(seed, _bad, 5_000, 1024, 1024, 64).Run());
        }
    }
}
