using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>All knobs that a profile has: those that would change it, and leave it one that can connect to something.</summary>
internal static partial class Knobs
{
    /// <summary>The knobs of <paramref name="profile"/>. What each saves is another question.</summary>
    public static IReadOnlyList<Knob> Of(Profile profile)
    {
        IEnumerable<Knob> all = [.. OfWindows(profile), .. OfFeatures(profile), .. OfMqtt(profile), .. OfVersions(profile), .. OfAlgorithms(profile), .. OfChain(profile), .. OfClientKey(profile)];
        return [.. all.Where(knob => IsUsable(knob.Apply(profile)) && knob.Apply(profile).Digest != profile.Digest)];
    }

    /// <summary>Whether a connection with the profile has a suite, a way to know the server, and a group for each version that it offers.</summary>
    private static bool IsUsable(Profile profile)
    {
        bool curves = profile.MaxEcdsaBits > 0 || profile.Ed25519 || profile.MaxEd25519TbsBytes > 0;
        bool knows = curves || profile.MaxRsaBits > 0 || profile.PskModes != PskModes.None;
        CipherSuites older = profile.Suites & ~SuiteSets.Tls13;
        CipherSuites certified = (curves ? SuiteSets.Ecdsa : 0) | (profile.MaxRsaBits > 0 ? SuiteSets.Rsa : 0);
        bool speaks12 = !profile.Offers(TlsVersions.Tls12) || (older & (certified | SuiteSets.Psk | SuiteSets.EcdhePsk)) != 0;
        bool speaks13 = !profile.Offers(TlsVersions.Tls13) || (profile.Suites & SuiteSets.Tls13) != 0;
        return knows && speaks12 && speaks13 && (profile.Groups != Groups.None || profile.PskModes != PskModes.None);
    }

    /// <summary>The profile without suites that none of its keys can serve.</summary>
    private static Profile WithFittingSuites(Profile profile)
    {
        bool curves = profile.MaxEcdsaBits > 0 || profile.Ed25519 || profile.MaxEd25519TbsBytes > 0;
        CipherSuites lost = (curves ? 0 : SuiteSets.Ecdsa) | (profile.MaxRsaBits > 0 ? 0 : SuiteSets.Rsa);
        return profile with { Suites = profile.Suites & ~lost };
    }

    private static IEnumerable<Knob> When(bool applies, Knob knob) => applies ? [knob] : [];

    /// <summary>A knob for each of some values that are smaller than the present one.</summary>
    private static List<Knob> Below(int present, ReadOnlySpan<int> values, Func<int, Knob> knob)
    {
        var found = new List<Knob>();
        foreach (int value in values)
        {
            if (value < present)
            {
                found.Add(knob(value));
            }
        }

        return found;
    }
}
