using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli.Advise;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tool.Tests.Advise;

/// <summary>Properties of knobs and of what is made of them, for profiles of any kind.</summary>
public sealed class CombinationTests
{
    private static readonly Gen<Profile> Profiles32 =
        from begin in Gen.Elements(Profiles.All.Select(named => named.Profile).ToArray())
        from version in Gen.Elements(TlsVersions.Tls12, TlsVersions.Tls13, TlsVersions.Tls12 | TlsVersions.Tls13)
        from window in Gen.Elements(128, 512, 1024, 4096)
        from key in Gen.Elements(0, 256, 384, 2048, 4096)
        from ticket in Gen.Elements(0, 0, 300, 2048)
        from topic in Gen.Elements(0, 64, 512)
        select begin with
        {
            Versions = version,
            Suites = version == TlsVersions.Tls13 ? begin.Suites & SuiteSets.Tls13 : version == TlsVersions.Tls12 ? begin.Suites & ~SuiteSets.Tls13 : begin.Suites,
            InWindowBytes = window,
            OutWindowBytes = window,
            ClientEcdsaBits = key is 256 or 384 ? key : 0,
            ClientRsaBits = key >= 2048 ? key : 0,
            MaxTicketBytes = ticket,
            MaxMqttTopicBytes = topic,
            StapledStatus = ticket == 300,
            ExportsKeys = topic == 512,
        };

    [Fact]
    public void Knobs_change_the_profile_and_leave_it_something_to_offer() => Check(40, static profile =>
        Knobs.Of(profile).All(knob => knob.Apply(profile).Digest != profile.Digest && Plans(knob.Apply(profile)) && knob.Apply(profile).Offers(TlsVersions.Tls12 | TlsVersions.Tls13)));

    [Fact]
    public void Every_saving_is_the_difference_of_two_plans_and_says_why() => Check(20, static profile =>
    {
        Advice advice = Advice.Of(profile, 32);
        int planned = MemoryPlan.For(profile, 32).TotalBytes;
        return advice.Savings.All(saving => saving.Bytes == planned - MemoryPlan.For(saving.Knob.Apply(profile), 32).TotalBytes && saving.Because.Length > 0);
    });

    [Fact]
    public void A_combination_that_reaches_its_target_has_no_step_too_many() => Check(12, static profile =>
    {
        int planned = MemoryPlan.For(profile, 32).TotalBytes;
        Combination combination = Combination.For(profile, 32, planned * 4 / 5);
        return combination.Map.PlannedBytes <= planned
            && combination.Steps.Sum(step => step.Saves) == planned - combination.Map.PlannedBytes
            && (!combination.IsReached || combination.Steps.All(left => !ReachesWithout(profile, combination, left)));
    });

    [Fact]
    public void A_target_that_is_met_already_wants_no_step() => Check(12, static profile =>
        Combination.For(profile, 32, MemoryPlan.For(profile, 32).TotalBytes) is { IsReached: true, Steps.Count: 0 });

    private static bool ReachesWithout(Profile profile, Combination combination, CombinationStep left)
    {
        Profile at = combination.Steps.Where(step => step != left).Aggregate(profile, static (at, step) => step.Knob.Apply(at));
        return MemoryPlan.For(at, 32).TotalBytes <= combination.Target;
    }

    private static bool Plans(Profile profile) => MemoryPlan.For(profile, 32).TotalBytes > 0;

    private static void Check(int most, System.Func<Profile, bool> property) =>
        Prop.ForAll(Profiles32.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(most));
}
