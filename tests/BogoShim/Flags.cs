using System;
using System.Text;

namespace Thimble.BogoShim;

/// <summary>
/// The flags that are implemented, by their names in BoringSSL's ssl/test/test_config.cc. Every other one is declined,
/// and so is a value that the engine cannot honour: a test that did not run is better than one that passed by accident.
/// </summary>
internal static class Flags
{
    private static readonly Flag[] s_flags =
    [
        // Where the runner is, and how often to connect.
        Flag.Number("-port", static (config, port) => config.Port = port),
        Flag.Switch("-ipv6", static config => config.Ipv6 = true),
        Flag.Text("-shim-id", static (config, id) => config.ShimId = ulong.TryParse(id, out ulong number) ? number : throw new DeclinedException("-shim-id " + id)),
        Flag.Number("-resume-count", static (config, count) => config.ResumeCount = count),
        Flag.Number("-resumption-delay", static (config, seconds) => config.ResumptionDelaySeconds = seconds),

        // What is offered.
        Flag.Number("-min-version", static (config, version) => config.MinVersion = version),
        Flag.Number("-max-version", static (config, version) => config.MaxVersion = version),
        Flag.Always("-no-tls1"),
        Flag.Always("-no-tls11"),
        Flag.Switch("-no-tls12", static config => config.Tls12 = false),
        Flag.Switch("-no-tls13", static config => config.Tls13 = false),
        Flag.Number("-curves", static (config, group) => config.Groups.Add(group)),
        Flag.Text("-host-name", static (config, name) => config.HostName = name),
        Flag.Text("-advertise-alpn", static (config, protocols) => config.Alpn = OneProtocol(protocols)),
        Flag.Number("-max-send-fragment", static (config, bytes) => config.MaxSendFragmentBytes = bytes),

        // Whom to trust, and who we are. The engine verifies always: these ask for what it does.
        Flag.Text("-trust-cert", static (config, file) => config.TrustFile = file),
        Flag.Text("-cert-file", static (config, file) => config.CertificateFile = file),
        Flag.Text("-key-file", static (config, file) => config.KeyFile = file),
        Flag.Always("-use-old-client-cert-callback"),
        Flag.Always("-verify-peer"),
        Flag.Always("-use-custom-verify-callback"),
        Flag.Always("-expect-verify-result"),
        Flag.Always("-expect-secure-renegotiation"),
        Flag.Always("-renegotiate-ignore"),

        // How the engine is driven.
        Flag.Switch("-async", static config => config.Async = true),
        Flag.Always("-partial-write"),
        Flag.Switch("-implicit-handshake", static config => config.ImplicitHandshake = true),
        Flag.Switch("-no-op-extra-handshake", static config => config.ExtraHandshake = true),
        Flag.Switch("-handshake-twice", static config => config.ExtraHandshake = true),
        Flag.Number("-read-size", static (config, bytes) => config.ReadBytes = bytes),
        Flag.Switch("-shim-writes-first", static config => config.WritesFirst = true),
        Flag.Switch("-shim-shuts-down", static config => config.ShutsDown = true),
        Flag.Switch("-check-close-notify", static config => config.ChecksCloseNotify = true),
        Flag.Switch("-write-different-record-sizes", static config => config.WritesDifferentSizes = true),
        Flag.Number("-export-keying-material", static (config, bytes) => config.ExportedBytes = bytes),
        Flag.Text("-export-label", static (config, label) => config.ExportLabel = Encoding.UTF8.GetBytes(label)),
        Flag.Text("-export-context", static (config, context) => config.ExportContext = Encoding.UTF8.GetBytes(context)),
        Flag.Switch("-use-export-context", static config => config.HasExportContext = true),

        // What must have come of it.
        Flag.Number("-expect-version", static (config, version) => config.ExpectedVersion = version),
        Flag.Number("-expect-cipher", static (config, suite) => config.ExpectedSuite = suite),
        Flag.Number("-expect-curve-id", static (config, group) => config.ExpectedGroup = group),
        Flag.Number("-expect-peer-signature-algorithm", static (config, scheme) => config.ExpectedPeerScheme = scheme),
        Flag.Text("-expect-alpn", static (config, protocol) => config.ExpectedAlpn = protocol),
        Flag.Text("-expect-peer-cert-file", static (config, file) => config.ExpectedChainFile = file),
        Flag.Switch("-expect-extended-master-secret", static config => config.RequiresExtendedMasterSecret = true),
        Flag.Switch("-expect-session-miss", static config => config.ExpectsSessionMiss = true),
        Flag.Switch("-expect-no-session", static config => config.ExpectsNoSession = true),
        Flag.Switch("-expect-ticket-renewal", static config => config.ExpectsTicketRenewal = true),
    ];

    /// <summary>Reads a command line into what holds for the first connection and for those that resume it.</summary>
    /// <exception cref="DeclinedException">A flag is not implemented.</exception>
    public static (ShimConfig Initial, ShimConfig Resume) Read(ReadOnlySpan<string> arguments)
    {
        var initial = new ShimConfig();
        var resume = new ShimConfig();
        for (int i = 0; i < arguments.Length; i++)
        {
            string name = arguments[i];
            _ = RemovePrefix(ref name, "-on-shim");
            bool onInitial = RemovePrefix(ref name, "-on-initial");
            bool onResume = !onInitial && RemovePrefix(ref name, "-on-resume");
            bool onRetry = !onInitial && !onResume && RemovePrefix(ref name, "-on-retry");
            Flag flag = Find(name);
            string value = !flag.TakesValue ? "" : ++i < arguments.Length ? arguments[i] : throw new DeclinedException(name + " without a value");

            // -on-retry is for a connection after refused early data, and there is no early data here.
            foreach (ShimConfig config in onInitial ? [initial] : onResume ? [resume] : onRetry ? (ReadOnlySpan<ShimConfig>)[] : [initial, resume])
            {
                flag.Set(config, value);
            }
        }

        return (initial, resume);
    }

    private static Flag Find(string name) =>
        Array.Find(s_flags, flag => flag.Name == name) ?? throw new DeclinedException(name);

    private static bool RemovePrefix(ref string name, string prefix)
    {
        bool has = name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal) && name[prefix.Length] == '-';
        name = has ? name[prefix.Length..] : name;
        return has;
    }

    /// <summary>The engine offers one protocol: a list of one, each with its length before it.</summary>
    private static string OneProtocol(string list) =>
        list.Length > 1 && list[0] == list.Length - 1 ? list[1..] : throw new DeclinedException("-advertise-alpn with more than one protocol");
}
