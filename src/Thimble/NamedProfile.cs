using Thimble.Memory;

namespace Thimble;

/// <summary>A profile with a name, and what it is for.</summary>
public sealed record NamedProfile(string Name, string Description, Profile Profile);
