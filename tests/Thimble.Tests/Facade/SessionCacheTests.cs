using System;
using System.Linq;
using System.Threading.Tasks;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>The store of sessions: bounded, each given out once, safe for many threads.</summary>
public sealed class SessionCacheTests
{
    [Fact]
    public void A_session_is_given_out_once()
    {
        using var cache = new SessionCache();
        cache.Keep(1, Session(1));
        cache.Keep(2, Session(2));
        Assert.Equal(2, cache.Count);
        using PlanBuffer? taken = cache.Take(1);
        Assert.Equal((byte)1, taken!.Span[0]);
        Assert.Null(cache.Take(1));
        Assert.Null(cache.Take(3));
        Assert.Equal(1, cache.Count);
    }

    /// <summary>Who resumes a session is not asked again about its server: so it must be the one who was.</summary>
    [Fact]
    public void A_session_belongs_to_the_code_that_judged_its_server()
    {
        using var cache = new SessionCache();
        Func<VerifiedServer, string?> strict = static _ => null, lax = static server => server.Name;
        cache.Keep(1, Session(1), strict);
        Assert.Null(cache.Take(1));
        Assert.Null(cache.Take(1, lax));
        using PlanBuffer? taken = cache.Take(1, strict);
        Assert.NotNull(taken);
    }

    [Fact]
    public void The_newest_of_each_binding_and_the_newest_bindings_stay()
    {
        using var cache = new SessionCache(capacity: 2);
        PlanBuffer first = Session(1);
        cache.Keep(1, first);
        cache.Keep(1, Session(9));
        Assert.Throws<ObjectDisposedException>(() => first.Span.Length);
        cache.Keep(2, Session(2));
        cache.Keep(3, Session(3));
        Assert.Equal(2, cache.Count);
        Assert.Null(cache.Take(1));
        cache.Take(2)!.Dispose();
        cache.Take(3)!.Dispose();
    }

    [Fact]
    public void Nothing_is_kept_after_the_end()
    {
        var cache = new SessionCache();
        PlanBuffer kept = Session(1);
        cache.Keep(1, kept);
        cache.Dispose();
        Assert.Throws<ObjectDisposedException>(() => kept.Span.Length);
        PlanBuffer late = Session(2);
        cache.Keep(2, late);
        Assert.Throws<ObjectDisposedException>(() => late.Span.Length);
        Assert.Equal(0, cache.Count);
        Assert.Throws<ArgumentOutOfRangeException>(static () => new SessionCache(0));
    }

    [Fact]
    public void Many_threads_never_share_a_session()
    {
        using var cache = new SessionCache(8);
        int taken = 0;
        Parallel.For(0, 2000, i =>
        {
            cache.Keep((UInt128)(i % 16), Session((byte)(i % 16)));
            using PlanBuffer? session = cache.Take((UInt128)(i % 16));
            if (session is not null)
            {
                Assert.Equal((byte)(i % 16), session.Span[0]);
                session.Span[0] = 0xFF; // whoever had the same one would see this
                System.Threading.Interlocked.Increment(ref taken);
            }
        });
        Assert.InRange(taken, 1, 2000);
        Assert.InRange(cache.Count, 0, 8);
    }

    [Fact]
    public void A_shared_key_is_checked_and_wiped()
    {
        Assert.Throws<ArgumentException>(static () => PreSharedKey.FromHex("", new string('0', 32)));
        Assert.Throws<ArgumentException>(static () => PreSharedKey.FromHex("x", new string('0', 30)));
        Assert.Throws<ArgumentException>(static () => new PreSharedKey("x", new byte[65]));
        Assert.Throws<FormatException>(static () => PreSharedKey.FromHex("x", new string('g', 32)));
        var key = PreSharedKey.FromHex("ä", "000102030405060708090a0b0c0d0e0f");
        Assert.Equal(Enumerable.Range(0, 16).Select(static i => (byte)i), new SharedKey(key.Bytes).Key.ToArray());
        Assert.Equal(2, key.Identity.Length);
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => new SharedKey(key.Bytes).Key.Length);
    }

    private static PlanBuffer Session(byte mark)
    {
        var buffer = new PlanBuffer(8);
        buffer.Span[0] = mark;
        return buffer;
    }
}
