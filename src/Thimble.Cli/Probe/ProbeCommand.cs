using System;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;
using Thimble.Cli.PubSub;

namespace Thimble.Cli.Probe;

/// <summary><c>thimble probe</c>: what a server accepts, and the smallest profile that works with it.</summary>
internal static class ProbeCommand
{
    private const int DefaultTimeoutSeconds = 5;
    private const int DefaultWindowBytes = 512;
    private const int DefaultTopicBytes = 64;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("probe", "Ask a server what it accepts, with fewer than 60 connections, and propose the smallest profile that works with it.");
        Argument<HostAndPort> server = HostAndPort.Argument();
        var serverName = new Option<string>("--servername") { HelpName = "NAME", Description = "The name to ask for, which the certificate must carry. The default is HOST." };
        var caFile = new Option<string>("--cafile") { HelpName = "FILE", Description = "Roots besides those that the operating system trusts, PEM (one or several) or DER." };
        var certificate = new Option<string>("--cert") { HelpName = "FILE", Description = "The client's certificate, and those above it, PEM or DER. None is sent unless given." };
        var key = new Option<string>("--key") { HelpName = "FILE", Description = "The client's private key: PKCS#8, PKCS#1 or SEC 1, PEM or DER." };
        var alpn = new Option<string>("--alpn") { HelpName = "NAME", Description = $"An application protocol to ask for besides {string.Join(", ", ProbeRequest.UsualProtocols)}, and to plan for." };
        Option<Speech?> speak = SpeakOption();
        Option<int?> window = ProfileOptions.Range("--window", $"The largest application record to plan for, in and out, in bytes of content. The default is {DefaultWindowBytes}.", 64, 16_384);
        Option<int?> topic = ProfileOptions.Range("--max-topic", $"The longest MQTT topic to plan for; 0 plans no MQTT session. The default is {DefaultTopicBytes}.", 0, 65_535);
        Option<double?> timeout = TimeoutOption();
        var save = new Option<string>("--save") { HelpName = "FILE", Description = "Write the profile to FILE, for --profile of plan, advise, connect and device." };
        Option<bool> json = PlanCommand.JsonOption();
        command.Arguments.Add(server);
        foreach (Option option in (Option[])[serverName, caFile, certificate, key, alpn, speak, window, topic, timeout, save, json])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(certificate) is null != result.GetResult(key) is null)
            {
                result.AddError("--cert and --key belong together: give both or none.");
            }

            Bound(result, serverName, 253);
            Bound(result, alpn, 255);
        });
        command.SetAction(result =>
        {
            HostAndPort to = result.GetRequiredValue(server);
            return Run(terminal, new ProbeRequest(
                to, result.GetValue(serverName) ?? to.Host, result.GetValue(caFile), result.GetValue(certificate), result.GetValue(key), result.GetValue(alpn) ?? "", result.GetValue(speak) ?? Speech.None,
                TimeSpan.FromSeconds(result.GetValue(timeout) ?? DefaultTimeoutSeconds), result.GetValue(window) ?? DefaultWindowBytes, result.GetValue(topic) ?? DefaultTopicBytes, result.GetValue(save), result.GetValue(json)));
        });
        return command;
    }

    private static void Bound(System.CommandLine.Parsing.CommandResult result, Option<string> option, int most)
    {
        if (result.GetResult(option) is { Tokens: [{ Value: string text }] } && Encoding.UTF8.GetByteCount(text) is int length && (length < 1 || length > most))
        {
            result.AddError($"{option.Name} takes a name of 1 to {most} bytes, and not one of {length}.");
        }
    }

    private static int Run(Terminal terminal, ProbeRequest request)
    {
        using var interruption = new Interruption();
        ProbeReport report;
        try
        {
            report = WithProgress(terminal, request, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.ExitCode is { } code)
        {
            terminal.Error.WriteLine("thimble: the probe was interrupted; nothing was saved.");
            return code;
        }
        catch (ThimbleException e)
        {
            report = Failed(request, Fault(e));
        }
        catch (CryptographicException e)
        {
            report = Failed(request, ReportMaker.Plain("CertificateUnreadable", $"A certificate of the server's cannot be read: {e.Message.TrimEnd('.')}. Look at it with: openssl s_client -showcerts"));
        }

        if (request.Json)
        {
            terminal.WriteJson(report, ProbeJson.Readable.ProbeReport);
        }
        else if (report.Fault is { } fault)
        {
            terminal.Error.WriteLine($"{fault.Reason}:");
            terminal.Error.WriteLine(fault.Explanation);
        }
        else
        {
            ProbeSummary.Write(terminal.Console, report, request.SaveFile);
        }

        return report.Ok ? ExitCode.Good : ExitCode.Fault;
    }

    /// <summary>A bar for people, on which the connections are counted; nothing where nobody looks.</summary>
    private static ProbeReport WithProgress(Terminal terminal, ProbeRequest request, CancellationToken stop)
    {
        if (!terminal.IsInteractive || request.Json)
        {
            return ProbeAsync(request, (_, _) => { }, stop).GetAwaiter().GetResult();
        }

        return terminal.Console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn()).Start(progress =>
        {
            ProgressTask task = progress.AddTask("Connecting", maxValue: Prober.MaxConnections);
            return ProbeAsync(request, (what, connections) =>
            {
                task.Description = Markup.Escape("Asking: " + what);
                task.Value = connections;
            }, stop).GetAwaiter().GetResult();
        });
    }

    private static async Task<ProbeReport> ProbeAsync(ProbeRequest request, Action<string, int> tell, CancellationToken stop)
    {
        Prober? prober = null;
        prober = new Prober(request.Server, request.ServerName, request.Timeout, what => tell(what, prober!.Connections), stop);
        using ProbeResult result = await new ProbeRun(prober, request).RunAsync().ConfigureAwait(false);
        if (request.SaveFile is { } file && result.Proposal is { } proposal)
        {
            ProfileFile.Write(file, ProfileFile.Document(request.Server.ToString(), $"The smallest that works with {request.Server}, by thimble probe.", proposal.Profile));
        }

        return ProbeReportMaker.Of(request, result);
    }

    private static ProbeReport Failed(ProbeRequest request, FaultReport fault) => new(false, request.Server.ToString(), request.ServerName, 0, null, null, [], fault);

    private static FaultReport Fault(ThimbleException e) => e switch
    {
        ProbeException probe => ReportMaker.Plain(probe.Reason, e.Message),
        ProfileFileException => ReportMaker.Plain("ProfileUnwritable", e.Message),
        _ => ReportMaker.Fault(e),
    };

    private static Option<Speech?> SpeakOption() => new("--speak")
    {
        HelpName = "PROTOCOL",
        Description = "What to say once connected, so that the server answers with records of its own: http (HEAD /), mqtt (CONNECT), or none, the default.",
        CustomParser = static result =>
        {
            Speech? speech = ((Speech[])[Speech.None, Speech.Http, Speech.Mqtt]).FirstOrDefault(speech => speech.Name == result.Tokens[0].Value);
            if (speech is null)
            {
                result.AddError($"--speak takes http, mqtt or none, and not '{result.Tokens[0].Value}'.");
            }

            return speech;
        },
    };

    private static Option<double?> TimeoutOption() => new("--timeout")
    {
        HelpName = "SECONDS",
        Description = $"How long to wait for each connection's answer. The default is {DefaultTimeoutSeconds}.",
        CustomParser = static result =>
        {
            if (double.TryParse(result.Tokens[0].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 60)
            {
                return seconds;
            }

            result.AddError($"--timeout takes seconds, more than 0 and at most 60, and not '{result.Tokens[0].Value}'.");
            return null;
        },
    };
}
