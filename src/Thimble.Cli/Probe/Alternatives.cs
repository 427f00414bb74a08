using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>Another profile, and what it would cost or save.</summary>
/// <param name="Change">What would be different.</param>
/// <param name="Cost">What it asks of somebody, or gives.</param>
/// <param name="Profile">The profile.</param>
/// <param name="WorksNow">Whether the server as it is can be talked to with it.</param>
internal sealed record Alternative(string Change, string Cost, Profile Profile, bool WorksNow);

/// <summary>What else could be planned: every figure comes of planning it.</summary>
internal static class Alternatives
{
    private const CipherSuites Aes128 = CipherSuites.Aes128GcmSha256 | CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheEcdsaAes128GcmSha256;

    /// <summary>All that change the plan of <paramref name="chosen"/>, the smallest first.</summary>
    public static IEnumerable<Alternative> Of(Candidate chosen, IReadOnlyList<Candidate> candidates, Findings findings, int ticketBytes)
    {
        Profile profile = chosen.Profile;
        int bytes = chosen.Bytes32;
        return Smaller(chosen.Profile)
            .Where(alternative => Bytes(alternative) < bytes)
            .DistinctBy(alternative => (alternative.Cost, Bytes(alternative)))
            .Concat(OtherWays(chosen, candidates))
            .Concat(Larger(profile, chosen, candidates, findings, ticketBytes).Where(alternative => Bytes(alternative) != bytes))
            .Where(alternative => MemoryPlan.For(alternative.Profile, 64).IsUsable)
            .OrderBy(Bytes);
    }

    private static int Bytes(Alternative alternative) => MemoryPlan.For(alternative.Profile, 32).TotalBytes;

    /// <summary>What would make the plan smaller, and who would have to do something for it.</summary>
    private static IEnumerable<Alternative> Smaller(Profile profile)
    {
        if (profile.MaxRsaBits > 0)
        {
            yield return new Alternative("An all-EC chain on P-256", "other certificates at the server, its root included", AllEc(profile), WorksNow: false);
        }

        if (profile.MaxRsaBits > 2048)
        {
            yield return new Alternative("RSA keys of 2048 bits at most", "other certificates at the server, its root included", profile with { MaxRsaBits = 2048 }, WorksNow: false);
        }

        if (profile.MaxEcdsaBits > 256)
        {
            yield return new Alternative("P-256 in place of the larger curve", "other certificates at the server, its root included", profile with { MaxEcdsaBits = 256, MaxSignatureHashBits = 256 }, WorksNow: false);
        }

        if (profile.MaxSignatureHashBits > 256)
        {
            yield return new Alternative("SHA-256 in all signatures", "other certificates at the server", profile with { MaxSignatureHashBits = 256 }, WorksNow: false);
        }

        if (profile.MaxEd25519TbsBytes > 0)
        {
            yield return new Alternative("No certificate signed by Ed25519", "other certificates at the server: what Ed25519 signs is kept whole", profile with { MaxEd25519TbsBytes = 0, Ed25519 = true }, WorksNow: false);
        }

        if (profile.ClientRsaBits > 0)
        {
            yield return new Alternative("A client key on P-256", "another client certificate", profile with { ClientRsaBits = 0, ClientEcdsaBits = 256 }, WorksNow: true);
        }

        foreach (int window in (int[])[256, 128])
        {
            yield return new Alternative($"Windows of {window} bytes", "longer messages go out in several records; longer records come in provisionally", profile with { InWindowBytes = window, OutWindowBytes = window }, WorksNow: true);
        }

        if (profile.MaxMqttTopicBytes > 0)
        {
            yield return new Alternative("No MQTT session (--max-topic 0)", "TLS alone", profile with { MaxMqttTopicBytes = 0 }, WorksNow: true);
        }

        foreach ((Groups group, string name) in ((Groups, string)[])[(Groups.X25519, "x25519"), (Groups.Secp256r1, "secp256r1")])
        {
            yield return new Alternative($"Key agreement in {name} alone", "the server must accept that group", profile with { Groups = group }, WorksNow: false);
        }

        if ((profile.Suites & Aes128) == 0)
        {
            yield return new Alternative("AES-128-GCM with SHA-256", "the server must accept that suite", profile with { Suites = SuiteNumbers.ToProfile([profile.Versions == TlsVersions.Tls13 ? (ushort)0x1301 : (profile.Suites & SuiteSets.Rsa) != 0 ? (ushort)0xC02F : (ushort)0xC02B]), SecondTranscript = false }, WorksNow: false);
        }
    }

    /// <summary>The best of each other version and key that the server has.</summary>
    private static IEnumerable<Alternative> OtherWays(Candidate chosen, IReadOnlyList<Candidate> candidates) =>
        from best in candidates.GroupBy(candidate => candidate.Way).Select(same => same.First())
        where best.Way != chosen.Way
        select new Alternative(
            $"{Words.Version(best.Way.Version)} with the {(best.Way.Key == ServerKey.Rsa ? "RSA" : "ECDSA")} certificate in its place", "nothing: the server accepts that too", best.Profile, WorksNow: true);

    /// <summary>What else the server would give, at its price.</summary>
    private static IEnumerable<Alternative> Larger(Profile profile, Candidate chosen, IReadOnlyList<Candidate> candidates, Findings findings, int ticketBytes)
    {
        Profile wide = profile with { Suites = SuiteNumbers.ToProfile(chosen.Way.Suites), Groups = SuiteNumbers.ToProfileGroups(chosen.Way.Groups), SecondTranscript = profile.ClientRsaBits + profile.ClientEcdsaBits > 0 && chosen.Way.Suites.Any(SuiteNumbers.IsSha384) };
        yield return new Alternative("All suites and groups that it accepts", "goes on when the server gives one of them up", wide, WorksNow: true);
        Candidate? other = candidates.FirstOrDefault(candidate => candidate.Way.Version != chosen.Way.Version && candidate.Way.Key == chosen.Way.Key);
        if (other is not null)
        {
            yield return new Alternative("Both versions of TLS", "goes on when the server gives one of them up", Both(profile, other.Profile), WorksNow: true);
        }

        if (ticketBytes > 0)
        {
            yield return new Alternative($"Resume sessions (tickets of {ticketBytes:N0} bytes)", "later handshakes without certificates", profile with { MaxTicketBytes = ticketBytes }, WorksNow: true);
        }

        if (findings.Ways.Any(way => way == chosen.Way && way.Flight.StapleBytes > 0))
        {
            yield return new Alternative("Verify the stapled status", "revoked certificates are noticed", profile with { StapledStatus = true }, WorksNow: true);
        }
    }

    private static Profile Both(Profile a, Profile b) => a with
    {
        Versions = a.Versions | b.Versions,
        Suites = a.Suites | b.Suites,
        Groups = a.Groups | b.Groups,
        MaxSignatureHashBits = int.Max(a.MaxSignatureHashBits, b.MaxSignatureHashBits),
        SecondTranscript = a.SecondTranscript || b.SecondTranscript,
        AllowLegacyMasterSecret = a.AllowLegacyMasterSecret || b.AllowLegacyMasterSecret,
    };

    private static Profile AllEc(Profile profile) => profile with
    {
        MaxRsaBits = 0,
        MaxEcdsaBits = 256,
        MaxSignatureHashBits = 256,
        Suites = profile.Versions == TlsVersions.Tls13 ? profile.Suites : CipherSuites.EcdheEcdsaAes128GcmSha256,
        SecondTranscript = false,
    };
}
