using System;
using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Fleet;

/// <summary>Working buffers come prepared, and leave nothing of the connection before.</summary>
public sealed class WorkingBuffersTests
{
    private static readonly Profile s_profile = Profiles.Ecdsa.Profile with { MaxMqttInFlight = 4 };

    [Fact]
    public void What_a_connection_left_in_the_middle_is_wiped_before_another_gets_the_buffer()
    {
        MemoryPlan plan = MemoryPlan.For(s_profile);
        using var buffers = new WorkingBuffers(plan);
        PlanBuffer first = buffers.Borrow();
        byte[] prepared = first.Span.ToArray();
        first.Span.Fill(0x5A); // messages in flight too, which preparing a buffer again would keep
        buffers.ReturnUsed(first);
        var again = new List<PlanBuffer>();
        PlanBuffer? same = null;
        while (same is null && again.Count < 2 * Environment.ProcessorCount)
        {
            PlanBuffer next = buffers.Borrow();
            again.Add(next);
            same = ReferenceEquals(next, first) ? next : null;
        }

        Assert.NotNull(same);
        Assert.Equal(Convert.ToHexString(prepared), Convert.ToHexString(same.Span));
        again.ForEach(buffers.ReturnUsed);
    }

    [Fact]
    public void Borrowing_never_waits_and_few_are_kept()
    {
        MemoryPlan plan = MemoryPlan.For(s_profile);
        using var buffers = new WorkingBuffers(plan);
        var lent = new List<PlanBuffer>();
        for (int i = 0; i < 100; i++)
        {
            lent.Add(buffers.Borrow());
            Assert.Equal(i + 1, buffers.Lent);
            var tls = new TlsClient(lent[i].Span, new TlsConfig { Profile = ref s_profile });
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }

        lent.ForEach(buffers.ReturnUsed);
        Assert.Equal(0, buffers.Lent);
        int kept = lent.FindAll(IsAlive).Count;
        Assert.InRange(kept, 1, 2 * Environment.ProcessorCount);
        buffers.Dispose();
        Assert.Empty(lent.FindAll(IsAlive));
    }

    private static bool IsAlive(PlanBuffer buffer)
    {
        try
        {
            return buffer.Span.Length > 0;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }
}
