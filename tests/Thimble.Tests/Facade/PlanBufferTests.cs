using System;
using System.Linq;
using System.Runtime.InteropServices;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Facade;

public sealed class PlanBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(65537)]
    public unsafe void A_buffer_is_aligned_zero_and_of_its_size(int bytes)
    {
        using var buffer = new PlanBuffer(bytes);
        Assert.Equal(bytes, buffer.Span.Length);
        Assert.False(buffer.Span.ContainsAnyExcept((byte)0));
        fixed (byte* start = &MemoryMarshal.GetReference(buffer.Span))
        {
            Assert.Equal(0u, (nuint)start % 64);
        }
    }

    [Fact]
    public void A_buffer_that_was_given_back_cannot_be_used()
    {
        var buffer = new PlanBuffer(64);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }
}

public sealed class ProfilesTests
{
    [Fact]
    public void Profiles_have_different_names_and_are_found_by_them()
    {
        Assert.Equal(Profiles.All.Count, Profiles.All.Select(profile => profile.Name).Distinct().Count());
        Assert.All(Profiles.All, profile => Assert.Same(profile, Profiles.Find(profile.Name.ToUpperInvariant())));
        Assert.Null(Profiles.Find("none"));
    }

    [Fact]
    public void The_first_profile_is_the_one_that_the_budgets_speak_of()
    {
        Profile profile = Profiles.All[0].Profile;
        Assert.Equal((2048, 512, 512), (profile.MaxRsaBits, profile.InWindowBytes, profile.OutWindowBytes));
    }
}
