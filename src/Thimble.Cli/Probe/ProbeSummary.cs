using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;

namespace Thimble.Cli.Probe;

/// <summary>What a probe found, for people: in 100 columns, and understandable without colours.</summary>
internal static class ProbeSummary
{
    private const int MostNames = 8;

    public static void Write(IAnsiConsole console, ProbeReport report, string? savedTo)
    {
        ServerReport found = report.Found!;
        console.MarkupLineInterpolated($"[bold]{report.Server}[/], asked as '{report.ServerName}' with {report.Connections} connections, speaks {Join(found.Versions)}.");
        console.WriteLine();
        Accepts(console, found);
        foreach (ChainReport chain in found.Chains)
        {
            Chain(console, chain);
        }

        Rest(console, found);
        Notes(console, report.Notes);
        if (report.Proposal is { } proposal)
        {
            Proposal(console, proposal, savedTo);
        }
        else
        {
            console.WriteLine("No profile works with this server as it is: the notes above say why.");
        }
    }

    private static void Accepts(IAnsiConsole console, ServerReport found)
    {
        if (found.Accepts.Count == 0)
        {
            return;
        }

        Table table = New("Version", "Key", "It accepts", "Groups");
        table.Columns[2].NoWrap = false;
        table.Columns[3].NoWrap = false;
        foreach (WayReport way in found.Accepts)
        {
            _ = table.AddRow(way.Version, way.Key, string.Join("\n", way.Suites), string.Join("\n", way.Groups));
        }

        console.Write(table);
    }

    private static void Chain(IAnsiConsole console, ChainReport chain)
    {
        console.MarkupLineInterpolated($"[bold]The {chain.Key} chain[/]: {Number(chain.Bytes)} bytes in {chain.Certificates.Count}, ending at '{chain.Root.Name}' ({Source(chain.Root)}).");
        Table table = New("Certificate", "Bytes", "Key", "Signed with", "Expires");
        table.Columns[0].NoWrap = false;
        table.Columns[1].RightAligned();
        foreach (CertificateReport certificate in chain.Certificates)
        {
            string subject = Markup.Escape(certificate.Subject) + (certificate.Read ? "" : " (not read)");
            _ = table.AddRow(subject, Number(certificate.Bytes), Markup.Escape(certificate.Key), Markup.Escape(certificate.Signature), certificate.NotAfter);
        }

        console.Write(table);
    }

    private static string Source(RootReport root) => root.Source switch
    {
        nameof(RootSource.OperatingSystem) => $"a public root{(root.Owner is null ? "" : " of " + root.Owner)}, {root.Key}",
        nameof(RootSource.CaFile) => $"of --cafile, {root.Key}",
        _ => "not known here",
    };

    private static void Rest(IAnsiConsole console, ServerReport found)
    {
        ClientCertificateReport client = found.ClientCertificate;
        string asked = !client.Asked ? "not asked for"
            : (client.Required switch { true => "demanded", false => "asked for, not demanded", null => "asked for" }) + (client.Authorities.Count == 0 ? ", of any authority" : ", of " + Join(Some(client.Authorities)));
        Line(console, "Client certificate", asked);
        Line(console, "ALPN", found.Alpn.Accepted.Count == 0 ? $"none of {string.Join(", ", found.Alpn.Offered)}" : string.Join(", ", found.Alpn.Accepted));
        foreach (ResumptionReport resumption in found.Resumption)
        {
            string how = resumption.Resumed ? resumption.By == "ticket" ? $"by ticket of {Number(resumption.TicketBytes)} bytes" : "by session id" : resumption.SessionBytes > 0 ? "a session is given, and not resumed" : "no session is given";
            Line(console, $"Resumption, {resumption.Version}", how);
        }

        int staple = found.Accepts.Select(way => way.StapledStatusBytes).DefaultIfEmpty(0).Max();
        Line(console, "OCSP stapling", staple == 0 ? "no" : $"yes, {Number(staple)} bytes");
        if (found.Accepts.FirstOrDefault(way => way.ExtendedMasterSecret is not null) is { } older)
        {
            Line(console, "extended_master_secret", older.ExtendedMasterSecret == true ? "yes" : "no (RFC 7627): TLS 1.2 needs AllowLegacyMasterSecret");
        }

        foreach (LimitReport limit in found.Limits)
        {
            Line(console, $"{limit.Extension}, {limit.Version}", Verdict(limit));
        }

        Line(console, "Largest record seen", $"{Number(found.LargestRecordBytes)} bytes");
    }

    private static string Verdict(LimitReport limit) => limit.Verdict switch
    {
        nameof(LimitVerdict.Ignored) => "not answered",
        nameof(LimitVerdict.Accepted) => "accepted; nothing long enough came to show whether it is kept",
        nameof(LimitVerdict.Honoured) => $"honoured: asked for {limit.Bytes}, no record longer than {limit.LargestBytes}",
        nameof(LimitVerdict.Broken) => $"accepted and then broken: asked for {limit.Bytes}, got {Number(limit.LargestBytes)}",
        _ => "ends the handshake",
    };

    private static void Notes(IAnsiConsole console, IReadOnlyList<string> notes)
    {
        if (notes.Count > 0)
        {
            console.WriteLine();
        }

        foreach (string note in notes)
        {
            console.Write(new Padder(new Text(note), new Padding(2, 0, 0, 0)));
        }
    }

    private static void Proposal(IAnsiConsole console, ProposalReport proposal, string? savedTo)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]The smallest profile that {(proposal.Proof.Connected ? "works" : "fits what was found")}: {Number(proposal.Bytes32)} bytes[/] on a 32-bit machine, {Number(proposal.Bytes64)} on a 64-bit one.");
        console.MarkupLineInterpolated($"  {proposal.Version}, {proposal.Suite}, {proposal.Group}, the {proposal.Key} certificate; most is alive in {proposal.PeakPhase}.");
        ProofReport proof = proposal.Proof;
        if (proof.Connected)
        {
            console.MarkupLineInterpolated($"  Proved by a connection with {proof.Suite}, {proof.Group}:");
            console.MarkupLineInterpolated($"  {Number(proof.PlannedBytes)} bytes planned, {Number(proof.UsedBytes ?? 0)} used on this {proof.WordBits}-bit machine.");
        }
        else
        {
            console.WriteLine("  Not proved by a connection:");
            console.Write(new Padder(new Text(proof.Fault!.Explanation), new Padding(4, 0, 0, 0)));
        }

        if (savedTo is not null)
        {
            console.MarkupLineInterpolated($"  Saved to {savedTo}. See: thimble plan --profile {savedTo}");
        }

        console.WriteLine();
        console.WriteLine("What else could be planned, on a 32-bit machine:");
        Table table = New("Bytes", "", "Change", "What it takes or gives");
        table.Columns[0].RightAligned();
        table.Columns[1].RightAligned();
        table.Columns[2].NoWrap = false;
        table.Columns[3].NoWrap = false;
        foreach (AlternativeReport alternative in proposal.Alternatives)
        {
            _ = table.AddRow(Number(alternative.Bytes32), alternative.Difference32.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture), Markup.Escape(alternative.Change), Markup.Escape(alternative.Cost));
        }

        console.Write(table);
    }

    private static void Line(IAnsiConsole console, string what, string value)
    {
        Grid grid = new Grid().AddColumn(new GridColumn().Width(30).PadLeft(2)).AddColumn();
        console.Write(grid.AddRow(new Text(what), new Text(value)));
    }

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        _ = table.AddColumns([.. columns.Select(column => new TableColumn(column).NoWrap())]);
        return table;
    }

    /// <summary>Some servers name every authority that there is; the report has all.</summary>
    private static IReadOnlyList<string> Some(IReadOnlyList<string> names) =>
        names.Count <= MostNames ? names : [.. names.Take(MostNames), $"{Number(names.Count - MostNames)} more"];

    private static string Join(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "no version",
        1 => names[0],
        _ => string.Join(", ", names.Take(names.Count - 1)) + " and " + names[^1],
    };

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
