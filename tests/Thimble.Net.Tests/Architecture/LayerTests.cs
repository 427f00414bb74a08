using System;
using System.Linq;
using Thimble.Core.Tests.Architecture;
using Xunit;

namespace Thimble.Net.Tests.Architecture;

public class LayerTests
{
    [Fact]
    public void TheNetworkKnowsOnlyTheMemoryBeneathIt() => Assert.Empty(
        from type in CoreAssembly.Types
        from used in CoreAssembly.TypesNamedBy(type).Select(CoreAssembly.NamespaceOf).Distinct()
        where used.StartsWith("Thimble", StringComparison.Ordinal) && !used.StartsWith("Thimble.Net", StringComparison.Ordinal) && used != "Thimble.Memory"
        select $"{type.FullName} uses {used}");

    [Fact]
    public void WireFormatsKnowNothingAboveThem() => Assert.Empty(
        from type in CoreAssembly.Types
        where CoreAssembly.NamespaceOf(type) == "Thimble.Net.Wire"
        from used in CoreAssembly.TypesNamedBy(type).Select(CoreAssembly.NamespaceOf).Distinct()
        where used.StartsWith("Thimble", StringComparison.Ordinal) && used != "Thimble.Net.Wire"
        select $"{type.FullName} uses {used}");
}
