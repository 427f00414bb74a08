using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Thimble.Cli;
using Thimble.Cli.Device;
using Thimble.Memory;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Device;

/// <summary>What the firmware cannot do with a profile is said in a sentence, with both numbers, before anything is compiled.</summary>
public sealed class FirmwareLimitsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-limits-");

    private static Profile Usual => DeviceProfile.For(TlsVersions.Tls12);

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<string, string> Refused => new()
    {
        { "clientKeyElsewhere", "clientKeyElsewhere" },
        { "pskModes", "pskModes PskWithDhe" },
        { "ticket", "192 bytes (maxTicketBytes)" },
        { "exportsKeys", "exportsKeys" },
        { "mqtt5", "MQTT 3.1.1" },
        { "aliases", "maxMqttTopicAliases" },
        { "acknowledgements", "QoS 1 and 2" },
        { "inFlight", "QoS 1 and 2" },
        { "exactlyOnce", "QoS 1 and 2" },
        { "no topic", "24 bytes, and this profile plans for topics of 0 " },
        { "short topic", "24 bytes, and this profile plans for topics of 23 " },
        { "outWindow", "224 bytes in one record, and this profile plans for records of 223 " },
        { "inWindow", " bytes on the device, and lm3s6965 has 29,832 " },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_profile_that_the_firmware_cannot_serve_is_refused_in_a_sentence(string change, string words)
    {
        string file = Path.Combine(_folder.FullName, "p.json");
        ProfileFile.Write(file, ProfileFile.Document("a name", null, Changed(change)));
        foreach (string command in (string[])["build", "run"])
        {
            CliRun run = CliRun.Of("device", command, "--profile", file);
            Assert.Equal(ExitCode.Fault, run.ExitCode);
            Assert.StartsWith("thimble: ", run.Error, StringComparison.Ordinal);
            Assert.Contains(words, run.Error, StringComparison.Ordinal);
            Assert.Single(run.Error.Trim().Split('\n'));
            Assert.Empty(run.Output);
        }
    }

    [Fact]
    public void A_board_is_told_by_what_it_has_beside_network_and_firmware()
    {
        Profile large = Usual with { InWindowBytes = 12_000, OutWindowBytes = 12_000 };
        int planned = MemoryPlan.For(large, 32).TotalBytes;
        DeviceBoard emulated = DeviceBoard.Emulated, other = DeviceBoard.Find("lpc1769")!;
        Assert.InRange(planned, other.BufferBytes - FirmwareLimits.OwnBytes - FirmwareLimits.NetworkBytes + 1, emulated.BufferBytes - FirmwareLimits.OwnBytes - FirmwareLimits.NetworkBytes);
        FirmwareLimits.Check(large, emulated);
        string refusal = Assert.Throws<DeviceException>(() => FirmwareLimits.Check(large, other)).Message;
        Assert.Contains(planned.ToString("N0", CultureInfo.InvariantCulture), refusal, StringComparison.Ordinal);
        Assert.Contains("lpc1769 has 21,640", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void What_just_fits_is_taken() =>
        FirmwareLimits.Check(Usual with { OutWindowBytes = 224, MaxMqttTopicBytes = 24, InWindowBytes = 64 }, DeviceBoard.Emulated);

    [Fact]
    public void The_numbers_are_those_of_the_firmware_and_its_boards()
    {
        string device = Path.Combine(DeviceTools.Root()!, "device");
        foreach (DeviceBoard board in DeviceBoard.All)
        {
            Assert.Equal(board.BufferBytes, Constant(Path.Combine(device, "Boards", board.Name, "Board.cs"), "MemoryBytes"));
        }

        Assert.Equal(DeviceBoard.All.Count + 1, Directory.GetDirectories(Path.Combine(device, "Boards")).Length); // and Common
        Assert.Equal(FirmwareLimits.PacketBytes, Constant(Path.Combine(device, "Firmware", "Device.cs"), "PacketBytes"));
    }

    [Fact]
    public void A_file_that_is_none_is_refused_as_by_plan()
    {
        string file = Path.Combine(_folder.FullName, "p.json");
        File.WriteAllText(file, "{}");
        CliRun plan = CliRun.Of("plan", "--profile", file), build = CliRun.Of("device", "build", "--profile", file);
        Assert.Equal((plan.ExitCode, plan.Error), (build.ExitCode, build.Error));
        Assert.Equal(ExitCode.Fault, build.ExitCode);
    }

    /// <summary>Keys of Ed25519 alone; and RSA keys whose certificates need a longer hash than the profile takes.</summary>
    [Theory]
    [InlineData(2048, 0)]
    [InlineData(4096, 4096)]
    public void A_chain_that_the_broker_of_run_cannot_have_is_refused(int minRsaBits, int maxRsaBits)
    {
        Profile profile = Usual with { MinRsaBits = minRsaBits, MaxRsaBits = maxRsaBits, MaxEcdsaBits = 0, Ed25519 = true };
        Assert.Contains($"maxRsaBits {maxRsaBits},", Assert.Throws<DeviceException>(() => DevicePki.Create(profile)).Message, StringComparison.Ordinal);
    }

    private static int Constant(string file, string name)
    {
        int[] factors = [.. Regex.Match(File.ReadAllText(file), $@"const int {name} = ([0-9 *]+);").Groups[1].Value.Split('*').Select(factor => int.Parse(factor, CultureInfo.InvariantCulture))];
        return factors.Aggregate(1, (product, factor) => product * factor);
    }

    private static Profile Changed(string change) => change switch
    {
        "clientKeyElsewhere" => Usual with { ClientKeyElsewhere = true },
        "pskModes" => Usual with { PskModes = PskModes.PskWithDhe, MaxPskIdentityBytes = 16 },
        "ticket" => Usual with { MaxTicketBytes = 192 },
        "exportsKeys" => Usual with { ExportsKeys = true },
        "mqtt5" => Usual with { MqttVersions = MqttVersions.V5 },
        "aliases" => Usual with { MaxMqttTopicAliases = 1 },
        "acknowledgements" => Usual with { MaxMqttAcknowledgements = 1 },
        "inFlight" => Usual with { MaxMqttInFlight = 1 },
        "exactlyOnce" => Usual with { MaxMqttInboundExactlyOnce = 1 },
        "no topic" => Usual with { MaxMqttTopicBytes = 0 },
        "short topic" => Usual with { MaxMqttTopicBytes = 23 },
        "outWindow" => Usual with { OutWindowBytes = 223 },
        "inWindow" => Usual with { InWindowBytes = 16_384, OutWindowBytes = 16_384 },
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "no such change"),
    };
}
