using System;
using Xunit;

namespace Thimble.Net.Tests.Tap;

/// <summary>A test against the kernel's TCP: skipped, with the reason, where no TUN device can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelFactAttribute : FactAttribute
{
    public KernelFactAttribute() => Skip = TunDevice.SkipReason;
}

/// <summary>The <see cref="TheoryAttribute"/> of <see cref="KernelFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute() => Skip = TunDevice.SkipReason;
}
