using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Cli;

/// <summary>Turns what the façade knows into reports for programs.</summary>
internal static class ReportMaker
{
    public static MemoryReport Memory(string profileName, MemoryMap map, long? gcAllocatedBytes) => new(
        profileName,
        map.WordBits,
        map.PlannedBytes,
        map.UsedBytes,
        map.ConnectionBytes,
        map.WindowBytes,
        map.ParkedBytes,
        map.RestingBytes,
        gcAllocatedBytes,
        map.PeakPhase.ToString(),
        [.. map.Phases.Select(phase => new PhaseLine(phase.ToString(), map.LiveBytes(phase)))],
        [.. map.Regions.Select(region => Region(map, region))]);

    public static TlsReport Tls(string server, TlsConnectionOptions options, TlsConnection connection)
    {
        PeerTranscript transcript = connection.PeerTranscript;
        ushort suite = connection.Suite != 0 ? connection.Suite : transcript.Suite;
        ushort group = connection.Group != 0 ? (ushort)connection.Group : transcript.Group;
        return new TlsReport(
            server,
            options.ServerName,
            connection.Version == TlsVersions.Tls13 ? Words.Version(0x0304) : transcript.Version == 0 ? null : Words.Version(transcript.Version),
            suite == 0 ? null : Words.Suite(suite),
            group == 0 ? null : Words.Group(group),
            connection.AlpnNegotiated ? options.Alpn : null,
            connection.SentClientCertificate,
            options.Credentials.ClientChain.Count > 0 ? KeyDescription.Describe(options.Credentials.ClientChain[0]) : null,
            connection.SessionOffered,
            connection.Resumed,
            connection.UsedPreSharedKey,
            connection.KeptSessionBytes,
            connection.CertificateStatus == CertificateStatus.None ? null : connection.CertificateStatus.ToString(),
            [.. transcript.Chain.Select(peer => new PeerReport(peer.Subject, peer.Bytes, peer.Key))]);
    }

    public static FaultReport Fault(ThimbleException e) => e switch
    {
        TlsFaultException tls => Fault(tls.Fault, tls.Message),
        TransportException transport => Plain(transport.Problem.ToString(), e.Message),
        CredentialException credential => Plain(credential.Problem.ToString(), e.Message),
        KeyLogException => Plain("KeyLogUnwritable", e.Message),
        _ => Plain("Unknown", e.Message),
    };

    public static FaultReport Fault(in Fault fault, string explanation) => new(
        fault.Reason.ToString(),
        fault.Phase.ToString(),
        fault.Alert == 0 && fault.Reason != FaultReason.AlertReceived ? null : fault.Alert,
        fault.Alert == 0 ? null : Alerts.Name(fault.Alert),
        fault.Depth == Thimble.Memory.Fault.NoDepth ? null : fault.Depth,
        fault.Expected,
        fault.Actual,
        explanation);

    public static FaultReport Plain(string reason, string explanation) =>
        new(reason, nameof(Phase.None), null, null, null, null, null, explanation);

    private static RegionLine Region(MemoryMap map, MapRegion region) => new(
        region.Id.ToString(),
        region.Bytes,
        region.Offset,
        map.Phases.First(region.IsAlive).ToString(),
        map.Phases.Last(region.IsAlive).ToString(),
        [.. map.Phases.Where(region.IsAlive).Select(phase => phase.ToString())],
        region.Placement.ToString(),
        region.UsedBytes,
        region.Purpose);
}
