using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Cli.Html;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tool.Tests.Html;

/// <summary>The map says what the plan says: each rectangle stands where its bytes lie, as long as they live.</summary>
public sealed class MapLayoutTests
{
    private const double Close = 0.01;

    public static TheoryData<string, int> Plans => new() { { "rsa2048", 32 }, { "general", 64 }, { "rsa4096-p384", 32 }, { "ecdsa", 64 } };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Offsets_and_sizes_are_those_of_the_plan(string profile, int bits)
    {
        MapLayout layout = Layout(profile, bits);
        double scale = MapLayout.BufferHeight / layout.Map.PlannedBytes;
        foreach (MapRegion region in layout.Map.Regions)
        {
            Assert.NotEmpty(layout.Of(region));
            Assert.All(layout.Of(region), box =>
            {
                Assert.Equal(MapLayout.Top + (region.Offset * scale), box.Y, Close);
                Assert.Equal(region.Bytes * scale, box.Height, Close);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void A_region_is_over_every_phase_in_which_it_is_alive_and_over_no_other(string profile, int bits)
    {
        MapLayout layout = Layout(profile, bits);
        foreach (MapRegion region in layout.Map.Regions)
        {
            foreach (Phase phase in layout.Phases)
            {
                Box time = layout.Of(phase);
                double middle = time.X + (time.Width / 2);
                Assert.Equal(region.IsAlive(phase), layout.Of(region).Any(box => box.X < middle && middle < box.Right));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Plans))]
    public void No_two_rectangles_overlap_and_none_leaves_the_buffer(string profile, int bits)
    {
        MapLayout layout = Layout(profile, bits);
        Box[] boxes = [.. layout.Map.Regions.SelectMany(layout.Of)];
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.InRange(boxes[i].Bottom, layout.Buffer.Y, layout.Buffer.Bottom + Close);
            Assert.InRange(boxes[i].Right, layout.Buffer.X, layout.Buffer.Right + Close);
            Assert.DoesNotContain(boxes[(i + 1)..], other => Overlap(boxes[i], other));
        }
    }

    [Fact]
    public void Columns_of_one_phase_lie_side_by_side_and_fill_the_width()
    {
        MemoryMap map = MemoryMap.Of(Profiles.Rsa2048.Profile, 32).In(TlsVersions.Tls12);
        var layout = new MapLayout(map, [new(Phase.Hello, "a"), new(Phase.Certificates, "b"), new(Phase.Certificates, "c"), new(Phase.Certificates, "d"), new(Phase.Connected, "e")]);
        IEnumerable<Box> columns = Enumerable.Range(0, 5).Select(layout.Column);
        Assert.All(columns.Zip(columns.Skip(1)), pair => Assert.Equal(pair.First.Right, pair.Second.X, Close));
        Assert.Equal(layout.Buffer.Right, layout.Column(4).Right, Close);
        Assert.Equal(layout.Column(1).X, layout.Of(Phase.Certificates).X, Close);
        Assert.Equal(layout.Column(3).Right, layout.Of(Phase.Certificates).Right, Close);
    }

    [Fact]
    public void Maps_that_are_compared_have_one_scale()
    {
        MemoryMap small = MemoryMap.Of(Profiles.Ecdsa.Profile, 32);
        MemoryMap large = MemoryMap.Of(Profiles.Rsa4096P384.Profile, 32);
        var beside = new MapLayout(small, [.. small.Phases.Select(phase => new MapColumn(phase))], large.PlannedBytes);
        var alone = new MapLayout(large, [.. large.Phases.Select(phase => new MapColumn(phase))], large.PlannedBytes);
        Assert.Equal(alone.Y(1000), beside.Y(1000), Close);
        Assert.Equal(beside.Y(small.PlannedBytes), beside.Buffer.Bottom, Close);
        Assert.Equal(MapLayout.BufferHeight, alone.Buffer.Height, Close);
    }

    private static MapLayout Layout(string profile, int bits)
    {
        MemoryMap map = MemoryMap.Of(Profiles.Find(profile)!.Profile with { ClientEcdsaBits = 256 }, bits);
        return new MapLayout(map, [.. map.Phases.Select(phase => new MapColumn(phase))]);
    }

    private static bool Overlap(Box a, Box b) => Math.Min(a.Right, b.Right) - Math.Max(a.X, b.X) > Close && Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Y, b.Y) > Close;
}
