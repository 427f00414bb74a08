namespace Thimble.Core.Tests.Architecture;

/// <summary>The network's assembly, to which the core's freestanding rules apply too: their tests are linked into this project.</summary>
internal static class AssemblyUnderTest
{
    public static readonly string Location = typeof(Thimble.Net.Network).Assembly.Location;
}
