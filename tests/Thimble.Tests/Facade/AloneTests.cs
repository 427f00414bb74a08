using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>Tests that count what belongs to the whole process run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneTests
{
    public const string Name = "Alone";
}
