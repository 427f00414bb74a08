using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Thimble.Crypto;

namespace Thimble.Cli.Probe;

/// <summary>
/// Asks a server what it accepts. A list is offered whole, and again without what the server chose, until it refuses: so many questions as it accepts
/// things, and one more.
/// </summary>
internal sealed class ServerSurvey(Prober prober, IReadOnlyList<string> protocols)
{
    private const ushort FragmentLimitBytes = 512;
    private const byte FragmentLimitCode = 1; // 2^9 (RFC 6066 §4)

    private readonly Findings _findings = new();

    /// <summary>Asks all.</summary>
    /// <exception cref="ThimbleException">The server cannot be asked.</exception>
    public async Task<Findings> RunAsync()
    {
        prober.Tell("the first hello");
        Answer first = await prober.AskAsync(Ordinary).ConfigureAwait(false);
        await AskTls13Async(first).ConfigureAwait(false);
        await AskTls12Async(ServerKey.Rsa).ConfigureAwait(false);
        await AskTls12Async(ServerKey.Ecdsa).ConfigureAwait(false);
        await AskOldAsync().ConfigureAwait(false);
        if (_findings.Versions.Count == 0)
        {
            throw Refused(first);
        }

        foreach (Way way in _findings.Ways.DistinctBy(way => way.Version).ToArray())
        {
            await AskLimitsAsync(way).ConfigureAwait(false);
        }

        await AskAlpnAsync().ConfigureAwait(false);
        return _findings;
    }

    /// <summary>What a client says that can do everything.</summary>
    private static HelloRecipe Ordinary => new()
    {
        Versions = [TlsNumbers.Tls13, TlsNumbers.Tls12],
        Suites = [.. SuiteNumbers.Tls13, .. SuiteNumbers.EcdheEcdsa, .. SuiteNumbers.EcdheRsa],
        Groups = SuiteNumbers.AllGroups,
        KeyShare = NamedGroup.X25519,
    };

    private async Task AskTls13Async(Answer first)
    {
        prober.Tell("TLS 1.3");
        HelloRecipe recipe = new() { Versions = [TlsNumbers.Tls13], Suites = SuiteNumbers.Tls13, Groups = SuiteNumbers.AllGroups };
        List<ushort> suites = await EliminateAsync(recipe.Suites, left => recipe with { Suites = left }, facts => facts.Suite).ConfigureAwait(false);
        bool chosenAtFirst = first.Accepted && first.Facts.Version == TlsNumbers.Tls13;
        if (suites.Count == 0 && chosenAtFirst)
        {
            suites.Add(first.Facts.Suite); // it would not name a group by itself
        }

        if (suites.Count == 0)
        {
            return;
        }

        _findings.Versions.Add(TlsNumbers.Tls13);
        recipe = recipe with { Suites = suites };
        List<ushort> groups = await EliminateAsync(recipe.Groups, left => recipe with { Groups = left }, facts => facts.Group).ConfigureAwait(false);
        groups = groups.Count == 0 && chosenAtFirst ? [first.Facts.Group] : groups;
        ushort share = groups.FirstOrDefault(group => SuiteNumbers.ToProfileGroups([group]) != 0);
        _findings.OtherGroup = share == 0 ? groups.FirstOrDefault() : (ushort)0;
        foreach (ServerKey key in share == 0 ? (ServerKey[])[] : [ServerKey.Rsa, ServerKey.Ecdsa])
        {
            prober.Tell($"the certificate of TLS 1.3 ({Name(key)})");
            Answer answer = await prober.AskAsync(recipe with { Groups = [share], KeyShare = (NamedGroup)share, Schemes = Schemes(key) }).ConfigureAwait(false);
            if (answer.End == FlightEnd.Complete)
            {
                _findings.Ways.Add(new Way(TlsNumbers.Tls13, key, suites, groups, answer.Facts));
            }
        }
    }

    private async Task AskTls12Async(ServerKey key)
    {
        prober.Tell($"TLS 1.2 with {Name(key)}");
        IReadOnlyList<ushort> suites = key == ServerKey.Rsa ? SuiteNumbers.EcdheRsa : SuiteNumbers.EcdheEcdsa;
        HelloRecipe recipe = new() { Versions = [TlsNumbers.Tls12], Suites = suites, Groups = SuiteNumbers.AllGroups };
        ServerFacts? flight = null;
        byte? alert = null;
        List<ushort> accepted = await EliminateAsync(
            suites,
            left => recipe with { Suites = left },
            facts =>
            {
                flight ??= facts;
                return facts.Suite;
            },
            refusal => alert = refusal.Facts.Alert).ConfigureAwait(false);
        if (flight is null)
        {
            _findings.Refusals[key] = alert;
            return;
        }

        if (!_findings.Versions.Contains(TlsNumbers.Tls12))
        {
            _findings.Versions.Add(TlsNumbers.Tls12);
        }

        // TLS 1.2 has one list for key agreement and for keys that sign (RFC 8422 §5.1): a server may want its own curve in it, so that one goes last.
        ushort own = Curve(flight.Chain[0]);
        recipe = recipe with { Suites = accepted, Groups = [.. SuiteNumbers.AllGroups.OrderBy(group => group == own)] };
        List<ushort> groups = await EliminateAsync(recipe.Groups, left => recipe with { Groups = left }, facts => facts.Group).ConfigureAwait(false);
        bool wantsP521 = own == 25 && !(await prober.AskAsync(recipe with { Groups = [.. recipe.Groups.Where(group => SuiteNumbers.ToProfileGroups([group]) != 0)] }).ConfigureAwait(false)).Accepted;
        _findings.Ways.Add(new Way(TlsNumbers.Tls12, key, accepted, groups, flight) { WantsP521 = wantsP521 });
    }

    /// <summary>Versions that have been given up, and suites that have been: named, so that a server's state can be judged.</summary>
    private async Task AskOldAsync()
    {
        prober.Tell("older versions");
        foreach (ushort version in (ushort[])[TlsNumbers.Tls12, TlsNumbers.Tls11, TlsNumbers.Tls10])
        {
            if (_findings.Versions.Contains(version))
            {
                continue;
            }

            Answer answer = await prober.AskAsync(new HelloRecipe { Versions = [version], Suites = SuiteNumbers.Old, Groups = SuiteNumbers.AllGroups }).ConfigureAwait(false);
            if (answer.Accepted)
            {
                _findings.Versions.Add(version);
                _findings.OldSuite = version == TlsNumbers.Tls12 ? answer.Facts.Suite : _findings.OldSuite;
            }
        }
    }

    private async Task AskLimitsAsync(Way way)
    {
        prober.Tell($"limits to records in {Words.Version(way.Version)}");
        foreach (bool fragment in (bool[])[true, false])
        {
            Answer answer = await prober.AskAsync(Again(way) with
            {
                MaxFragmentLength = fragment ? FragmentLimitCode : (byte)0,
                RecordSizeLimit = fragment ? (ushort)0 : FragmentLimitBytes,
            }).ConfigureAwait(false);
            _findings.Limits.Add(Judge(way.Version, answer, fragment));
        }
    }

    private static LimitFinding Judge(ushort version, Answer answer, bool fragment)
    {
        ServerFacts facts = answer.Facts;
        // record_size_limit counts under protection alone (RFC 8449 §4), which TLS 1.2 does not have in its first flight.
        int largest = fragment ? facts.LargestPlaintextBytes : facts.LargestInnerBytes;
        int longest = fragment ? facts.LargestMessageBytes : facts.LargestProtectedMessageBytes;
        bool answered = fragment ? facts.MaxFragmentLength != 0 : facts.RecordSizeLimit != 0;
        LimitVerdict verdict = answer.End != FlightEnd.Complete ? LimitVerdict.Refused
            : !answered ? LimitVerdict.Ignored
            : largest > FragmentLimitBytes ? LimitVerdict.Broken
            : longest > FragmentLimitBytes ? LimitVerdict.Honoured
            : LimitVerdict.Accepted;
        return new LimitFinding(version, fragment ? TlsNumbers.MaxFragmentLength : TlsNumbers.RecordSizeLimit, FragmentLimitBytes, verdict, largest);
    }

    private async Task AskAlpnAsync()
    {
        _findings.AlpnOffered = protocols;
        if (_findings.Ways.LastOrDefault() is not { } way)
        {
            return;
        }

        prober.Tell("application protocols");
        var left = protocols.ToList();
        while (left.Count > 0)
        {
            Answer answer = await prober.AskAsync(Again(way) with { Alpn = left }).ConfigureAwait(false);
            if (answer.Facts.Alpn is not { } chosen || !left.Remove(chosen))
            {
                return;
            }

            _findings.Alpn.Add(chosen);
        }
    }

    /// <summary>A hello that leads to the same flight again.</summary>
    private static HelloRecipe Again(Way way)
    {
        bool is13 = way.Version == TlsNumbers.Tls13;
        return new HelloRecipe
        {
            Versions = [way.Version],
            Suites = way.Suites,
            Groups = is13 ? [way.Flight.Group] : SuiteNumbers.AllGroups,
            KeyShare = is13 ? (NamedGroup)way.Flight.Group : NamedGroup.None,
            Schemes = is13 ? Schemes(way.Key) : SignatureNumbers.All,
        };
    }

    private async Task<List<ushort>> EliminateAsync(
        IReadOnlyList<ushort> offered, System.Func<IReadOnlyList<ushort>, HelloRecipe> recipe, System.Func<ServerFacts, ushort> chosen, System.Action<Answer>? refused = null)
    {
        var left = offered.ToList();
        var accepted = new List<ushort>();
        while (left.Count > 0)
        {
            Answer answer = await prober.AskAsync(recipe([.. left])).ConfigureAwait(false);
            ushort choice = answer.Accepted ? chosen(answer.Facts) : (ushort)0;
            if (!left.Remove(choice))
            {
                refused?.Invoke(answer);
                break;
            }

            accepted.Add(choice);
        }

        return accepted;
    }

    private ProbeException Refused(Answer first) => first.End switch
    {
        FlightEnd.Alert => new ProbeException("Refused", $"{prober.Server} refuses every hello, the first with the alert {Alerts.Name(first.Facts.Alert!.Value)}. It may know no host named '{prober.ServerName}': try --servername with the name that its certificate carries."),
        _ => new ProbeException("ClosedAtOnce", $"{prober.Server} accepts the connection and closes it without a word. Is it a TLS server? Check the port; some servers also close to hosts that they do not know: try --servername."),
    };

    private static IReadOnlyList<ushort> Schemes(ServerKey key) => key == ServerKey.Rsa ? SignatureNumbers.Rsa : SignatureNumbers.Curve;

    private static string Name(ServerKey key) => key == ServerKey.Rsa ? "RSA" : "ECDSA";

    /// <summary>The group whose curve a certificate's key is on, or 0.</summary>
    private static ushort Curve(byte[] der)
    {
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            using ECDsa? key = certificate.GetECDsaPublicKey();
            return key?.KeySize switch
            {
                256 => 23,
                384 => 24,
                521 => 25,
                _ => 0,
            };
        }
        catch (CryptographicException)
        {
            return 0;
        }
    }
}
