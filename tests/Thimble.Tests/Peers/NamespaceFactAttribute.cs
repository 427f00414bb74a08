using System;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>A test that needs a network of its own: skipped, with the reason, where that is not permitted.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute(params string[] programs) => Skip = NetworkNamespace.SkipReason(programs);
}

/// <summary>The <see cref="TheoryAttribute"/> of <see cref="NamespaceFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamespaceTheoryAttribute : TheoryAttribute
{
    public NamespaceTheoryAttribute(params string[] programs) => Skip = NetworkNamespace.SkipReason(programs);
}
