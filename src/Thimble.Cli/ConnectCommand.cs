using System;
using System.CommandLine;
using System.Net.Sockets;
using Thimble.Cli.Clouds;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary><c>thimble connect</c>: a handshake with any server, and what it took.</summary>
internal static class ConnectCommand
{
    /// <summary>What curl and browsers ask.</summary>
    private const string KeyLogVariable = "SSLKEYLOGFILE";

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(HandshakeRequest Handshake, string? KeyLogFile, bool Json);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("connect", "Perform a TLS handshake with a server, and show what was negotiated and what memory it took.");
        var handshake = new HandshakeOptions(command, "Connect a second time with the session of the first, and report that one.");
        Option<string?> keyLog = KeyLogOption();
        Option<bool> json = PlanCommand.JsonOption();
        command.Options.Add(keyLog);
        var profile = new ProfileOptions(command, Profiles.General, "Begin with what this cloud needs, and offer its application protocol");
        command.Options.Add(json);
        command.SetAction(result =>
        {
            HandshakeRequest request = handshake.Read(result, profile);
            string[] problems = profile.Cloud(result) is { } cloud ? [.. CloudRules.Handshake(cloud, request.CertificateFile is not null, request.Profile.Versions)] : [];
            foreach (string problem in problems)
            {
                terminal.Error.WriteLine($"thimble: {problem}");
            }

            return problems.Length > 0 ? ExitCode.Fault : Run(terminal, new Request(request, KeyLogFile(result, keyLog), result.GetValue(json)));
        });
        return command;
    }

    private static int Run(Terminal terminal, Request request)
    {
        if (request.KeyLogFile is { } keyLog)
        {
            terminal.Error.WriteLine($"Warning: this connection's keys go to '{keyLog}'. Whoever has them can read all that it carries.");
        }

        try
        {
            using Credentials credentials = request.Handshake.ReadCredentials();
            using PreSharedKey? sharedKey = request.Handshake.ReadSharedKey();
            using var sessions = new SessionCache();
            TlsConnectionOptions options = request.Handshake.Options(credentials, sharedKey) with { Sessions = sessions, KeyLogFile = request.KeyLogFile };
            if (request.Handshake.Reconnect)
            {
                request.Handshake.ConnectOnce(options);
            }

            using NetworkStream transport = request.Handshake.Connect();
            using var connection = new TlsConnection(options, transport);
            return Handshake(terminal, request, options, connection);
        }
        catch (ThimbleException e)
        {
            return Explain(terminal, request.Json, new RunReport(false, null, null, null, ReportMaker.Fault(e)), null);
        }
    }

    private static int Handshake(Terminal terminal, Request request, TlsConnectionOptions options, TlsConnection connection)
    {
        FaultReport? fault = null;
        long gcAllocatedBytes = 0;
        try
        {
            connection.Handshake();
            gcAllocatedBytes = connection.GcAllocatedBytes;
            connection.Close();
        }
        catch (ThimbleException e)
        {
            gcAllocatedBytes = connection.GcAllocatedBytes;
            fault = ReportMaker.Fault(e);
        }

        MemoryMap map = connection.MemoryMap;
        TlsReport tls = ReportMaker.Tls(request.Handshake.Server.ToString(), options, connection);
        var report = new RunReport(fault is null, tls, null, ReportMaker.Memory(request.Handshake.ProfileName, map, gcAllocatedBytes), fault);
        if (fault is not null)
        {
            return Explain(terminal, request.Json, report, map);
        }

        if (request.Json)
        {
            terminal.WriteJson(report, ReportJson.Readable.RunReport);
            return ExitCode.Good;
        }

        Summary.Tls(terminal.Console, tls);
        Summary.Memory(terminal.Console, report.Memory!, map);
        return ExitCode.Good;
    }

    private static int Explain(Terminal terminal, bool json, RunReport report, MemoryMap? map)
    {
        if (json)
        {
            terminal.WriteJson(report, ReportJson.Readable.RunReport);
        }
        else
        {
            Summary.Fault(terminal, report, map);
        }

        return ExitCode.Fault;
    }

    private static Option<string?> KeyLogOption() => new("--keylog")
    {
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
        Description = $"Append the connection's keys to this file, for Wireshark. Without FILE, to the one that {KeyLogVariable} names.",
    };

    /// <summary>The variable alone logs nothing: whoever sets it for a browser need not mean this connection.</summary>
    private static string? KeyLogFile(ParseResult result, Option<string?> option)
    {
        if (result.GetResult(option) is null)
        {
            return null;
        }

        string? file = result.GetValue(option) ?? Environment.GetEnvironmentVariable(KeyLogVariable);
        return string.IsNullOrEmpty(file) ? throw new UsageException($"--keylog needs a file: name one behind it, or in {KeyLogVariable}.") : file;
    }
}
