using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>A profile that should work with the server, and what it takes.</summary>
/// <param name="Way">What the server accepts that it relies on.</param>
/// <param name="Chain">The chain that it reads.</param>
/// <param name="Profile">The profile.</param>
internal sealed record Candidate(Way Way, ServerChain Chain, Profile Profile)
{
    /// <summary>Its plan on a machine with 32-bit words: what profiles are compared by.</summary>
    public int Bytes32 { get; } = MemoryPlan.For(Profile, 32).TotalBytes;

    public int Bytes64 { get; } = MemoryPlan.For(Profile, 64).TotalBytes;

    /// <summary>Whether keys need the curve of its group anyway: then the key agreement brings no code of its own to a device.</summary>
    private bool SharesCurve => Profile.Groups == Groups.Secp256r1
        ? Profile.ClientEcdsaBits == 256 || Profile.MaxEcdsaBits != 0
        : Profile.Groups == Groups.Secp384r1 && (Profile.ClientEcdsaBits == 384 || Profile.MaxEcdsaBits >= 384);

    /// <summary>
    /// The profiles with one suite and one group each that fit what was found, the smallest first; of equal ones that which shares a curve with the
    /// keys, then the smaller one on 64 bits, then the newer version.
    /// </summary>
    public static List<Candidate> Of(Findings findings, IReadOnlyDictionary<Way, ServerChain> chains, Wishes wishes)
    {
        var all = new List<Candidate>();
        foreach (Way way in findings.Ways.Where(way => !way.WantsP521 && chains.ContainsKey(way)))
        {
            IEnumerable<ushort> groups = way.Groups.Where(group => SuiteNumbers.ToProfileGroups([group]) != Groups.None);
            all.AddRange(
                from suite in way.Suites
                from @group in groups
                let profile = ProfileFor(way, chains[way], suite, @group, wishes)
                where IsPossible(profile)
                select new Candidate(way, chains[way], profile));
        }

        return [.. all.OrderBy(candidate => candidate.Bytes32).ThenByDescending(candidate => candidate.SharesCurve).ThenBy(candidate => candidate.Bytes64).ThenByDescending(candidate => candidate.Way.Version)];
    }

    /// <summary>The limits that one way needs.</summary>
    public static Profile ProfileFor(Way way, ServerChain chain, ushort suite, ushort group, Wishes wishes)
    {
        CertificateFacts leaf = chain.Certificates[0];
        CertificateFacts? root = chain.RootFacts;
        int rsa = chain.Read.Max(certificate => certificate.RsaBits);
        int curve = chain.Read.Max(certificate => certificate.CurveBits);
        bool rootIsRead = root is not null || chain.Last.IsSelfSigned;
        rsa = int.Max(rsa, rootIsRead ? root?.RsaBits ?? 0 : chain.Last.IssuerRsaBits);
        curve = int.Max(curve, rootIsRead ? root?.CurveBits ?? 0 : chain.Last.IssuerCurveBits);
        int hash = int.Max(256, chain.Read.Max(certificate => certificate.HashBits));

        // In TLS 1.3 the curve of the server's own key decides the hash of its signature (RFC 8446 §4.2.3); P-521 mostly does so in TLS 1.2 too.
        bool bound = way.Version == TlsNumbers.Tls13 || leaf.CurveBits > 384;
        hash = int.Max(hash, bound && leaf.CurveBits > 256 ? int.Min(leaf.CurveBits, 512) : 256);
        return new Profile
        {
            Versions = way.Version == TlsNumbers.Tls13 ? TlsVersions.Tls13 : TlsVersions.Tls12,
            Suites = SuiteNumbers.ToProfile([suite]),
            Groups = SuiteNumbers.ToProfileGroups([group]),
            MinRsaBits = KeyDescription.MinRsaBits,
            MaxRsaBits = rsa == 0 ? 0 : Step(rsa, 2048, 3072, 4096),
            MaxEcdsaBits = curve == 0 ? 0 : Step(curve, 256, 384, 521),
            MaxSignatureHashBits = Step(hash, 256, 384, 512),
            Ed25519 = leaf.IsEd25519,
            MaxEd25519TbsBytes = chain.Read.Where(certificate => certificate.SignedByEd25519).Select(certificate => certificate.TbsBytes).DefaultIfEmpty(0).Max(),
            AllowLegacyMasterSecret = way.Version == TlsNumbers.Tls12 && !way.Flight.ExtendedMasterSecret,
            SecondTranscript = way.Version == TlsNumbers.Tls12 && NeedsSecondTranscript(way.Flight.ClientRequest, suite, wishes),
            ClientRsaBits = wishes.ClientRsaBits,
            ClientEcdsaBits = wishes.ClientEcdsaBits,
            ClientEd25519 = wishes.ClientEd25519,
            InWindowBytes = wishes.WindowBytes,
            OutWindowBytes = wishes.WindowBytes,
            MaxServerNameBytes = wishes.ServerNameBytes,
            MaxAlpnBytes = wishes.AlpnBytes,
            MaxMqttTopicBytes = wishes.MaxMqttTopicBytes,
        };
    }

    /// <summary>The engine reads keys up to these sizes, and a plan has an end.</summary>
    private static bool IsPossible(Profile profile) =>
        profile.MaxRsaBits is 0 or 2048 or 3072 or 4096 && profile.MaxEcdsaBits is 0 or 256 or 384 or 521 && profile.MaxSignatureHashBits is 256 or 384 or 512 && profile.MaxEd25519TbsBytes <= 16_384
        && MemoryPlan.For(profile, 64).IsUsable;

    /// <summary>The client signs the transcript's hash: where the server takes no signature over the suite's own hash, another is kept too (RFC 5246 §7.4.8).</summary>
    private static bool NeedsSecondTranscript(ClientRequest? request, ushort suite, Wishes wishes)
    {
        int suiteHash = SuiteNumbers.IsSha384(suite) ? 384 : 256;
        return request is not null && (wishes.ClientRsaBits | wishes.ClientEcdsaBits) != 0
            && !request.Schemes.Any(scheme => SignatureNumbers.HashBits(scheme) == suiteHash && SignatureNumbers.IsRsa(scheme) == (wishes.ClientRsaBits != 0));
    }

    private static int Step(int needed, params int[] steps) => steps.FirstOrDefault(step => step >= needed, needed);
}
