using System;
using System.Linq;
using Spectre.Console;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble.Cli;

/// <summary>What came of a connection, in sentences for people.</summary>
internal static class Summary
{
    public static void Tls(IAnsiConsole console, TlsReport tls)
    {
        console.MarkupLineInterpolated($"[bold]Connected[/] to {tls.Server} as '{tls.ServerName}': {tls.Version}, {tls.Suite}, {tls.Group ?? "no key agreement"}.");
        foreach ((PeerReport peer, int depth) in tls.PeerChain.Select((peer, depth) => (peer, depth)))
        {
            console.MarkupLineInterpolated($"  certificate {depth}: {peer.Subject} ({peer.Key}, {peer.Bytes:N0} bytes)");
        }

        string client = tls.ClientCertificate ? $"The server asked for a client certificate and got ours ({tls.ClientKey})."
            : tls.ClientKey is not null ? "The server did not ask for our client certificate."
            : "No client certificate was sent.";
        console.WriteLine(client);
        if (tls.SharedKey)
        {
            console.WriteLine("The server knew the shared key, and showed no certificate.");
        }

        if (tls.SessionOffered)
        {
            console.WriteLine(tls.Resumed ? "The session of the connection before was resumed: no certificate was shown." : "A session was offered, and the server did not resume it.");
        }

        if (tls.KeptSessionBytes > 0)
        {
            console.MarkupLineInterpolated($"The server gave a session to resume, which takes {tls.KeptSessionBytes:N0} bytes.");
        }

        string? status = tls.CertificateStatus switch
        {
            nameof(CertificateStatus.Good) => "The server stapled its certificate's status: good.",
            nameof(CertificateStatus.NotStapled) => "The server stapled no status of its certificate.",
            _ => null,
        };
        if (status is not null)
        {
            console.WriteLine(status);
        }
    }

    public static void Memory(IAnsiConsole console, MemoryReport memory, MemoryMap map)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]Memory: {memory.PlannedBytes:N0} bytes planned, {memory.UsedBytes:N0} used at most[/]; the plan is fullest in {memory.PeakPhase}.");
        console.MarkupLineInterpolated($"Profile {memory.Profile}, {memory.WordBits}-bit machine.");
        console.MarkupLineInterpolated($"During the handshake the garbage-collected heap gave {memory.GcAllocatedBytes:N0} bytes to the engine.");
        console.MarkupLineInterpolated($"While idle, the connection keeps {memory.ConnectionBytes:N0} bytes, record windows excluded.");
        Tables.PhasesAndRegions(console, map);
    }

    public static void Fault(Terminal terminal, RunReport report, MemoryMap? map)
    {
        FaultReport fault = report.Fault!;
        terminal.Error.WriteLine($"{fault.Reason}{At(fault)}");
        terminal.Error.WriteLine(fault.Explanation);
        if (Enum.TryParse(fault.Reason, out FaultReason _))
        {
            terminal.Error.WriteLine($"Causes, and what to run next: thimble explain {(fault.Reason == nameof(FaultReason.AlertReceived) ? fault.AlertName : fault.Reason)}");
        }

        if (map is not null)
        {
            terminal.Error.WriteLine($"The plan took {map.PlannedBytes:N0} bytes; --json shows what was used of it.");
        }
    }

    private static string At(FaultReport fault)
    {
        string phase = fault.Phase == "None" ? "" : $" in the phase {fault.Phase}";
        string alert = fault.AlertName is null ? "" : $", alert {fault.AlertName}";
        return phase + alert + ":";
    }
}
