using System;
using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary><c>thimble connect</c>: a handshake with any server, and what it took.</summary>
internal static class ConnectCommand
{
    /// <summary>What curl and browsers ask.</summary>
    private const string KeyLogVariable = "SSLKEYLOGFILE";

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(
        HostAndPort Server, string CaFile, string? CertificateFile, string? KeyFile, string ServerName, string Alpn, DateTimeOffset? Now, TimeSpan Timeout, string? KeyLogFile, string ProfileName, Profile Profile, bool Json);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("connect", "Perform a TLS handshake with a server, and show what was negotiated and what memory it took.");
        Argument<HostAndPort> server = HostAndPort.Argument();
        var caFile = new Option<string>("--cafile") { HelpName = "FILE", Required = true, Description = "The certificates to trust, PEM (one or several) or DER." };
        var certificate = new Option<string>("--cert") { HelpName = "FILE", Description = "The client's certificate, and those above it, PEM or DER." };
        var key = new Option<string>("--key") { HelpName = "FILE", Description = "The client's private key: PKCS#8, PKCS#1 or SEC 1, PEM or DER." };
        var serverName = new Option<string>("--servername") { HelpName = "NAME", Description = "The name that the server's certificate must carry. The default is HOST." };
        var alpn = new Option<string>("--alpn") { HelpName = "NAME", Description = "The application protocol to offer, such as mqtt or x-amzn-mqtt-ca." };
        Option<DateTimeOffset?> time = TimeOption();
        Option<double?> timeout = TimeoutOption();
        Option<string?> keyLog = KeyLogOption();
        Option<bool> json = PlanCommand.JsonOption();
        command.Arguments.Add(server);
        foreach (Option option in (Option[])[caFile, certificate, key, serverName, alpn, time, timeout, keyLog])
        {
            command.Options.Add(option);
        }

        var profile = new ProfileOptions(command, Profiles.General);
        command.Options.Add(json);
        command.SetAction(result =>
        {
            HostAndPort to = result.GetRequiredValue(server);
            return Run(terminal, new Request(
                to, result.GetRequiredValue(caFile), result.GetValue(certificate), result.GetValue(key), result.GetValue(serverName) ?? to.Host, result.GetValue(alpn) ?? "", result.GetValue(time), TimeSpan.FromSeconds(result.GetValue(timeout) ?? 10), KeyLogFile(result, keyLog), profile.Name(result), profile.Read(result), result.GetValue(json)));
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null)
            {
                result.AddError("--cert and --key belong together: give both or none.");
            }
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
            using Credentials credentials = Credentials.Load(request.CaFile, request.CertificateFile, request.KeyFile);
            var options = new TlsConnectionOptions
            {
                Credentials = credentials,
                Profile = Fit(credentials.Fit(request.Profile), request),
                ServerName = request.ServerName,
                Alpn = request.Alpn,
                Now = request.Now,
                Timeout = request.Timeout,
                KeyLogFile = request.KeyLogFile,
                Audit = true,
            };
            using NetworkStream transport = TcpTransport.Connect(request.Server.Host, request.Server.Port, request.Timeout);
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
        TlsReport tls = ReportMaker.Tls(request.Server.ToString(), options, connection);
        var report = new RunReport(fault is null, tls, null, ReportMaker.Memory(request.ProfileName, map, gcAllocatedBytes), fault);
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

    /// <summary>A name on the command line is as long as it is; a device would plan for its own.</summary>
    private static Profile Fit(Profile profile, Request request) => profile with
    {
        MaxServerNameBytes = Math.Max(profile.MaxServerNameBytes, Math.Min(request.ServerName.Length, 253)),
        MaxAlpnBytes = Math.Max(profile.MaxAlpnBytes, Math.Min(request.Alpn.Length, 255)),
    };

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

    private static Option<DateTimeOffset?> TimeOption() => new("--time")
    {
        HelpName = "TIME",
        Description = "Judge certificates as of this time, in Unix seconds or as 2026-01-31T12:00:00Z, and not by this machine's clock.",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            {
                return DateTimeOffset.FromUnixTimeSeconds(seconds);
            }

            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
            {
                return time;
            }

            result.AddError($"--time takes Unix seconds or a time such as 2026-01-31T12:00:00Z, and not '{text}'.");
            return null;
        },
    };

    private static Option<double?> TimeoutOption() => new("--timeout")
    {
        HelpName = "SECONDS",
        Description = "How long to wait for the server. The default is 10.",
        CustomParser = static result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 3600)
            {
                return seconds;
            }

            result.AddError($"--timeout takes seconds, more than 0 and at most 3600, and not '{result.Tokens[0].Value}'.");
            return null;
        },
    };
}
