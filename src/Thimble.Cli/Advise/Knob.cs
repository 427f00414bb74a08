using System;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>One thing that can be changed about a profile to save memory.</summary>
/// <param name="Name">What is changed, in words.</param>
/// <param name="Setting">How: the option on the command line, or the member of <see cref="Profile"/> where there is no option.</param>
/// <param name="GivesUp">What is lost with it.</param>
/// <param name="Price">Who has to agree.</param>
/// <param name="Apply">The changed profile.</param>
internal sealed record Knob(string Name, string Setting, string GivesUp, Price Price, Func<Profile, Profile> Apply);
