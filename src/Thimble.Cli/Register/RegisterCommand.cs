using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Thimble.Cli.Certificates;
using Thimble.Cli.Clouds;
using Thimble.Cli.PubSub;

namespace Thimble.Cli.Register;

/// <summary><c>thimble register</c>: has a device assigned to its hub by Azure's Device Provisioning Service.</summary>
internal static class RegisterCommand
{
    private const string Dps = "azure-dps";

    private const string About = """
        Register a device at Azure's Device Provisioning Service (DPS), and say which hub it belongs to.

        The device proves itself as with pub and sub: by a key (--sas-key, or the variable
        THIMBLE_AZURE_DEVICE_KEY), by the key of its enrollment group (--group-key), or by a
        certificate. Over one connection it asks DPS, and asks again until DPS is done; what to
        run next is printed. docs/clouds.md has more.
        """;

    public static Command Create(Terminal terminal)
    {
        var command = new Command("register", About)
        {
            Options =
            {
                HelpWithExamples.Option(
                    "thimble register --for azure-dps -i my-device --id-scope 0ne00A0A0A0 --sas-key device.key --cafile roots.pem",
                    "thimble register --for azure-dps -i my-device --id-scope 0ne00A0A0A0 --group-key group.key --save-key device.key --save hub.conf --cafile roots.pem",
                    "thimble register --for azure-dps -i my-device --id-scope 0ne00A0A0A0 --cert device.pem --key device.key --tls-use-os-certs --json"),
            },
        };
        var cloud = new Option<string>("--for") { HelpName = "CLOUD", Required = true, Description = $"Where to register: {Dps}." };
        cloud.AcceptOnlyFromAmong(Dps);
        var id = new Option<string>("--id", "-i") { HelpName = "ID", Required = true, Description = "The registration ID; with a certificate its common name." };
        var scope = new Option<string>("--id-scope") { HelpName = "SCOPE", Required = true, Description = "The ID scope of the DPS instance, as the portal shows it." };
        var sasKey = new Option<string>("--sas-key") { HelpName = "FILE", Description = $"A file whose first line is the device's key in base64. Without it {CloudSettings.SasKeyVariable} is asked." };
        var groupKey = new Option<string>("--group-key") { HelpName = "FILE", Description = "The same with the key of an enrollment group, of which the device's key is derived." };
        Option<string> certificate = HandshakeOptions.CertificateOption();
        Option<string> key = HandshakeOptions.KeyOption();
        Option<string> caFile = HandshakeOptions.CaFileOption("The certificates to trust, PEM (one or several) or DER.");
        var caPath = new Option<string>("--capath") { HelpName = "DIR", Description = "A directory of such files, *.crt and *.pem." };
        var system = new Option<bool>("--tls-use-os-certs") { Description = "Trust what this machine trusts." };
        var payload = new Option<string>("--payload") { HelpName = "FILE", Description = "A JSON object for a custom allocation policy." };
        var saveKey = new Option<string>("--save-key") { HelpName = "FILE", Description = "Write the key that --group-key gave, for --sas-key of pub and sub. Only its owner can read it." };
        var save = new Option<string>("--save") { HelpName = "FILE", Description = "Write hub, device and files as defaults: with THIMBLE_CONFIG=FILE, pub and sub need no options for them." };
        var force = new Option<bool>("--force") { Description = "Overwrite files that are there." };
        var host = new Option<string>("--host") { HelpName = "HOST", Description = $"Another endpoint than {CloudPresets.Find(Dps)!.Host}." };
        Option<int> port = CertOptions.Number("--port", "PORT", CloudPresets.Find(Dps)!.Ports[0].Port, ushort.MaxValue, "Its port.");
        Option<int> timeout = CertOptions.Number("--timeout", "SECONDS", RegisterSettings.UsualSeconds, RegisterSettings.MostSeconds, "How long all of it may take.");
        Option<bool> json = PlanCommand.JsonOption();
        foreach (Option option in (Option[])[cloud, id, scope, sasKey, groupKey, certificate, key, caFile, caPath, system, payload, saveKey, save, force, host, port, timeout, json])
        {
            command.Options.Add(option);
        }

        command.SetAction(result =>
        {
            using var settings = new RegisterSettings
            {
                Host = result.GetValue(host) is { } name ? HostOf(name) : null,
                Port = result.GetValue(port),
                Id = result.GetRequiredValue(id),
                CertificateFile = result.GetValue(certificate),
                KeyFile = result.GetValue(key),
                CaFile = result.GetValue(caFile),
                CaPath = result.GetValue(caPath),
                SystemTrust = result.GetValue(system),
                PayloadFile = result.GetValue(payload),
                SavedKeyFile = result.GetValue(saveKey),
                SavedDefaultsFile = result.GetValue(save),
                Force = result.GetValue(force),
                Timeout = TimeSpan.FromSeconds(result.GetValue(timeout)),
            };
            settings.Cloud.Preset = CloudPresets.Find(Dps);
            settings.Cloud.IdScope = result.GetRequiredValue(scope);
            settings.Cloud.SasKeyFile = result.GetValue(sasKey);
            settings.Cloud.GroupKeyFile = result.GetValue(groupKey);
            return Run(terminal, settings, result.GetValue(json));
        });
        return command;
    }

    private static string HostOf(string text) => HostAndPort.IsHost(text) ? text : throw new UsageException($"--host takes the name or the address of a host, and not '{PrintableText.Of(text)}'.");

    private static int Run(Terminal terminal, RegisterSettings settings, bool json)
    {
        using var interruption = new Interruption();
        try
        {
            settings.Check();
            RegistrationFiles.Promise(settings);
            settings.DeriveKey();
            DpsAssignment assignment = terminal.While($"Registering {settings.ClientId}…", json, () => Registrar.RunAsync(settings, interruption.Token).GetAwaiter().GetResult());
            Tell(terminal, json, settings, assignment, Write(settings, assignment));
            return ExitCode.Good;
        }
        catch (OperationCanceledException) when (interruption.ExitCode is { } code)
        {
            return code;
        }
        catch (CloudRuleException e)
        {
            return Fail(terminal, json, ReportMaker.Plain("CloudRuleBroken", e.Message), e.Sentences);
        }
        catch (ThimbleException e)
        {
            return Fail(terminal, json, Registrar.Report(e), [e.Message]);
        }
    }

    private static IReadOnlyList<string> Write(RegisterSettings settings, DpsAssignment assignment)
    {
        try
        {
            return RegistrationFiles.Write(settings, assignment);
        }
        catch (ThimbleException e)
        {
            throw new ThimbleException($"{e.Message} The device is registered all the same: {assignment.Hub} has '{assignment.DeviceId}'.", e);
        }
    }

    private static void Tell(Terminal terminal, bool json, RegisterSettings settings, DpsAssignment assignment, IReadOnlyList<string> written)
    {
        IReadOnlyList<string> next = NextCommands.Of(settings, assignment);
        if (json)
        {
            terminal.WriteJson(new RegisterReport(true, assignment.Hub, assignment.DeviceId, assignment.Substatus, assignment.Payload, written, next, null), RegisterJson.Readable.RegisterReport);
            return;
        }

        terminal.Output.WriteLine($"Registered: {assignment.Hub} has the device '{assignment.DeviceId}'{(assignment.Substatus is { } substatus ? $" ({substatus})" : "")}.");
        foreach (string file in written)
        {
            terminal.Output.WriteLine($"  wrote {file}");
        }

        if (assignment.Payload is not null)
        {
            terminal.Output.WriteLine("The allocation policy gave a payload, which --json shows.");
        }

        terminal.Output.WriteLine("Next:");
        foreach (string line in next)
        {
            terminal.Output.WriteLine($"  {line}");
        }
    }

    private static int Fail(Terminal terminal, bool json, FaultReport fault, IReadOnlyList<string> sentences)
    {
        if (json)
        {
            terminal.WriteJson(RegisterReport.Of(fault), RegisterJson.Readable.RegisterReport);
        }

        foreach (string sentence in json ? [] : sentences.AsEnumerable())
        {
            terminal.Error.WriteLine($"thimble: {sentence}");
        }

        return ExitCode.Fault;
    }
}
