namespace Thimble.Core.Tests.Architecture;

/// <summary>Which assembly the freestanding rules are asked of here; the tests of the network ask them of theirs.</summary>
internal static class AssemblyUnderTest
{
    public static readonly string Location = typeof(Thimble.Memory.Fault).Assembly.Location;
}
