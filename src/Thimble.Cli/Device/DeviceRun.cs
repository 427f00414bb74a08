using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Threading;
using Spectre.Console;
using Thimble.Cli.Demo;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli.Device;

/// <summary>One device in QEMU, its broker, its servers and its operator, from the first key to the last line.</summary>
internal sealed class DeviceRun : IDisposable
{
    private readonly Terminal _terminal;
    private readonly Profile _profile;
    private readonly bool _hasClient;
    private readonly DirectoryInfo _folder;
    private readonly BlockingCollection<(string Source, string Line)> _lines = [];
    private readonly DemoPki _pki;
    private readonly Credentials _credentials;
    private readonly DeviceSettings _settings;
    private readonly UdpResponder _names;
    private readonly UdpResponder _time;
    private DeviceBroker? _broker;
    private Operator? _operator;
    private DeviceMachine? _machine;

    /// <summary>Makes the keys, and starts the small servers; <paramref name="brokerPort"/> 0 takes any free port for the broker.</summary>
    /// <exception cref="DeviceException">There are no keys of the kinds that the profile plans for.</exception>
    public DeviceRun(Terminal terminal, in Profile profile, int brokerPort)
    {
        _terminal = terminal;
        _profile = profile;
        _hasClient = DevicePki.HasClient(profile);
        _pki = terminal.While("Making keys and certificates", quiet: false, () => DevicePki.Create(_profile));
        _credentials = _hasClient ? _pki.ClientCredentials() : Credentials.From([_pki.Anchor]);
        _folder = Directory.CreateTempSubdirectory("thimble-device-");
        string brokerName = DevicePki.BrokerName(profile.MaxServerNameBytes);
        _names = UdpResponder.Start(NameAnswers.For(brokerName, DeviceSettings.HostOfGuest));
        _time = UdpResponder.Start(TimeAnswers.Of(TimeSpan.Zero));
        _settings = new DeviceSettings
        {
            BrokerName = brokerName,
            BrokerPort = brokerPort != 0 ? brokerPort : FreePort.Tcp(),
            NameServer = new IPEndPoint(DeviceSettings.HostOfGuest, _names.Port),
            TimeServer = new IPEndPoint(DeviceSettings.HostOfGuest, _time.Port),
        };
    }

    /// <summary>Builds the firmware, and starts broker, operator and device.</summary>
    /// <exception cref="DeviceException">Something does not work; the message says what.</exception>
    public void Start()
    {
        string elf = _terminal.While("Building the firmware", quiet: false, () => DeviceBuild.Make(DeviceBoard.Emulated, FirmwareFeatures.Of(_profile), Image(), _folder.FullName));
        _broker = DeviceBroker.Start(BrokerIdentity.Of(_pki), _settings.BrokerPort, _folder.FullName, _hasClient);
        _operator = Operator.Join(_pki, _broker, _settings.BrokerPort, _folder.FullName, $"thimble/{_settings.ClientId}/#", line => _lines.Add(("broker", line)));
        Introduce(FirmwareSize.Of(elf));
        _machine = DeviceMachine.Start(elf, _folder.FullName, line => _lines.Add(("device", line)), line => _lines.Add(("qemu", line)));
    }

    /// <summary>Ends after a reading arrived and a command was answered. False where that does not happen within <paramref name="patience"/>, or before <paramref name="stop"/>.</summary>
    public bool Once(TimeSpan patience, CancellationToken stop)
    {
        long begin = Stopwatch.GetTimestamp();
        bool read = false, answered = false;
        while (Next(patience - Stopwatch.GetElapsedTime(begin), stop) is { } heard)
        {
            if (!read && IsOn(heard, _settings.ReadingTopic))
            {
                read = true;
                Command("led on");
            }
            else if (!answered && IsOn(heard, _settings.ReplyTopic))
            {
                answered = true;
                Command("report");
                Command("stop");
            }
            else if (answered && heard.Source == "device" && heard.Line.Contains("stopped", StringComparison.Ordinal))
            {
                return true;
            }
        }

        _terminal.Error.WriteLine(
            $"thimble: within {patience.TotalSeconds:0} s {(read ? "a reading arrived, but no answer to a command" : "no reading of the device arrived")}. The lines above say how far it came.");
        return false;
    }

    /// <summary>Shows what is said, and passes on what the user types, until told to stop.</summary>
    public void Watch(TimeSpan duration, CancellationToken stop)
    {
        new Thread(PassOnCommands) { IsBackground = true }.Start();
        long begin = Stopwatch.GetTimestamp();
        bool asked = false;
        while (!stop.IsCancellationRequested && !_machine!.Process.HasEnded && Stopwatch.GetElapsedTime(begin) < duration)
        {
            if (Next(TimeSpan.FromMilliseconds(200), stop) is { } heard && !asked && IsOn(heard, _settings.ReadingTopic))
            {
                asked = true;
                Command("report");
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _machine?.Dispose();
        _operator?.Dispose();
        _broker?.Dispose();
        _names.Dispose();
        _time.Dispose();
        _credentials.Dispose();
        _pki.Dispose();
        _lines.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool IsOn((string Source, string Line) heard, string topic) =>
        heard.Source == "broker" && heard.Line.StartsWith(topic + " ", StringComparison.Ordinal);

    private byte[] Image()
    {
        byte[] rom = _credentials.BuildRomImage(DateTimeOffset.UtcNow);
        byte[] image = DeviceImageWriter.Write(_settings, _profile, rom, RandomNumberGenerator.GetBytes(32));
        CryptographicOperations.ZeroMemory(rom);
        return image;
    }

    private void Introduce(FirmwareSize size)
    {
        IAnsiConsole console = _terminal.Console;
        console.MarkupLineInterpolated($"Firmware in C#: [bold]{size.FlashBytes:N0} bytes[/] of flash with its keys and certificates, {size.StaticBytes} bytes of static state.");
        console.MarkupLineInterpolated($"Mosquitto listens on 127.0.0.1:{_settings.BrokerPort} and {(_hasClient ? "demands a" : "asks for no")} client certificate. A Cortex-M3 of 64 KiB starts in QEMU:");
    }

    /// <summary>The next line, shown; or null where none comes.</summary>
    private (string Source, string Line)? Next(TimeSpan patience, CancellationToken stop)
    {
        (string Source, string Line) heard;
        try
        {
            if (patience <= TimeSpan.Zero || !_lines.TryTake(out heard, (int)patience.TotalMilliseconds, stop))
            {
                return null;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        string style = heard.Source switch { "device" => "blue", "broker" => "green", _ => "grey" };
        _terminal.Console.MarkupLine($"[{style}]{heard.Source,-6}[/] {Markup.Escape(heard.Line)}");
        return heard;
    }

    private void Command(string command)
    {
        _terminal.Console.MarkupLineInterpolated($"[yellow]you[/]    {command}");
        _operator!.Publish(_settings.CommandTopic, command);
    }

    private void PassOnCommands()
    {
        while (Console.In.ReadLine() is { } command)
        {
            _operator!.Publish(_settings.CommandTopic, command);
        }
    }
}
