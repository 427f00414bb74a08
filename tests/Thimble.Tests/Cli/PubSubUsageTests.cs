using System;
using System.Globalization;
using System.IO;
using Thimble.Cli;
using Thimble.Cli.PubSub;
using Xunit;

namespace Thimble.Tests.Cli;

public sealed class PubSubUsageTests
{
    private const string Trust = "--cafile ca.pem";
    private const string Pin = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData("pub", "-t TOPIC")]
    [InlineData($"pub {Trust} -t a", "-m TEXT")]
    [InlineData($"pub {Trust} -t a/# -m x", "without '+' and '#'")]
    [InlineData($"pub {Trust} -t a -m x -n", "give one of them")]
    [InlineData($"pub {Trust} -t a -m x -q 3", "-q takes a number from 0 to 2")]
    [InlineData($"pub {Trust} -t a -m x -q one", "not 'one'")]
    [InlineData($"pub {Trust} -t a -m x -q", "its value is missing")]
    [InlineData($"pub {Trust} -t a -m x --bogus", "no flag '--bogus'")]
    [InlineData($"pub {Trust} -t a -m x more", "no flag 'more'")]
    [InlineData($"pub {Trust} -t a -m x -C 1", "no flag '-C'")]
    [InlineData($"pub {Trust} -t a -m x -k 4", "from 5 to 65535")]
    [InlineData($"pub {Trust} -t a -m x -p 0", "from 1 to 65535")]
    [InlineData($"pub {Trust} -t a -m x -h a/b", "-h takes")]
    [InlineData($"pub {Trust} -t a -m x -V 31", "MQTT 3.1 is not spoken")]
    [InlineData($"pub {Trust} -t a -m x -c", "give -i")]
    [InlineData($"pub {Trust} -t a -m x -V 5 -x -1", "give -i")]
    [InlineData($"pub {Trust} -t a -m x -P secret", "without a user name")]
    [InlineData($"pub {Trust} -t a -m x -i a -I b", "-i and -I")]
    [InlineData($"pub {Trust} -t a -m x --will-payload x", "--will-topic")]
    [InlineData($"pub {Trust} -t a -m x --will-qos 1", "--will-topic")]
    [InlineData($"pub {Trust} -t a -m x --will-topic a/#", "without '+' and '#'")]
    [InlineData($"pub {Trust} -t a -m x --repeat 0", "--repeat takes")]
    [InlineData($"pub {Trust} -t a -m x --repeat-delay -1", "--repeat-delay takes")]
    [InlineData($"pub {Trust} -t a -m x --cert c.pem", "--cert and --key")]
    [InlineData($"pub {Trust} -t a -m x --insecure", "never talks to a server")]
    [InlineData("pub --unix /tmp/x -t a -m x", "TCP only")]
    [InlineData($"pub {Trust} -t a -m x --tls-version tlsv1.1", "older versions are broken")]
    [InlineData($"pub {Trust} -t a -m x --tls 1.1", "--tls takes 1.2")]
    [InlineData($"pub {Trust} -t a -m x --profile none", "no profile 'none'")]
    [InlineData($"pub {Trust} -t a -m x --psk 00 --psk-identity me", "--psk takes")]
    [InlineData("pub -t a -m x --psk 000102030405060708090a0b0c0d0e0f", "--psk-identity")]
    [InlineData("pub -t a -m x", "--allow-plaintext")]
    [InlineData("pub -h h -p 1883 -t a -m x", "--allow-plaintext")]
    [InlineData("pub -L mqtt://h/a -m x", "anybody on the way")]
    [InlineData("pub -L mqtts://h/a -m x --allow-plaintext", "leave out one of them")]
    [InlineData("pub -L mqtt://h/a -m x --allow-plaintext --cafile ca.pem", "Certificates and keys are for TLS")]
    [InlineData($"pub {Trust} -L mqtts://h/a -h other -m x", "-L names the server")]
    [InlineData($"pub {Trust} -L http://h/a -m x", "mqtts://")]
    [InlineData($"pub {Trust} -L mqtts://h -m x", "-t TOPIC")]
    [InlineData($"pub {Trust} -t a -m x --password-file /none/such -u me", "The password cannot be read")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH nonsense 1", "content-type")]
    [InlineData($"pub {Trust} -t a -m x -D NOPE user-property a b", "'NOPE' is none")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH user-property a", "its value is missing")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH content-type a -D PUBLISH content-type b", "given twice")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH message-expiry-interval soon", "not 'soon'")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH payload-format-indicator 2", "from 0 to 1")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH response-topic a/#", "without '+' and '#'")]
    [InlineData($"pub {Trust} -t a -m x -D PUBLISH content-type b -V 311", "leave out one of them")]
    [InlineData($"pub {Trust} -t a -m x -D DISCONNECT session-expiry-interval 5", "not to be had here")]
    [InlineData("pub -t a -m x --pin nonsense", "--pin: 'nonsense' is no pin of a key")]
    [InlineData("pub -t a -m x --pin sha256//AAAA", "is no pin of a key")]
    [InlineData("pub -t a -m x --pin", "its value is missing")]
    [InlineData($"pub -t a -m x --allow-plaintext --pin {Pin}", "Certificates and keys are for TLS")]
    [InlineData($"pub -t a -m x --psk 000102030405060708090a0b0c0d0e0f --psk-identity me --pin {Pin}", "--psk takes the place")]
    [InlineData($"pub {Trust} -t a -m \uFFFD", "The value of -m is not UTF-8")]
    [InlineData($"pub {Trust} -t a -m x -u me -P \uFFFD", "Give it by --password-file")]
    [InlineData($"pub {Trust} -t a -m x --will-topic a --will-payload \uFFFD", "The value of --will-payload is not UTF-8")]
    [InlineData($"pub {Trust} -t \uFFFD -m x", "not UTF-8 that MQTT can carry")]
    [InlineData($"pub {Trust} -t a -m x -u me --password-file /dev/zero", "longer than the 65535 bytes")]
    [InlineData($"pub {Trust} -t a -m x -u me --password-file /", "The password cannot be read")]
    [InlineData("sub", "-t TOPIC")]
    [InlineData($"sub {Trust} -t #/a", "-t takes a topic filter")]
    [InlineData($"sub {Trust} -t a -T a+", "-T takes a topic filter")]
    [InlineData($"sub {Trust} -t a -C 0", "-C takes")]
    [InlineData($"sub {Trust} -t a -W 0", "-W takes")]
    [InlineData($"sub {Trust} -t a -F %z", "Invalid format specifier 'z'")]
    [InlineData($"sub {Trust} -t a -F %", "Incomplete format specifier")]
    [InlineData($"sub {Trust} -t a -F %5", "Incomplete format specifier")]
    [InlineData($"sub {Trust} -t a -F @", "Incomplete format specifier")]
    [InlineData($"sub {Trust} -t a -F \\", "Incomplete escape specifier")]
    [InlineData($"sub {Trust} -t a -F \\q", "Invalid escape specifier 'q'")]
    [InlineData($"sub {Trust} -t a -F %0-5l", "Invalid format specifier '-'")]
    [InlineData($"sub {Trust} -t a -F %99999999999t", "wide")]
    [InlineData($"sub {Trust} -t a -R --retained-only", "nothing would be left")]
    [InlineData($"sub {Trust} -t a --random-filter 0", "from 0.1 to 100")]
    [InlineData($"sub {Trust} -t a --retain-as-published", "-V 5")]
    [InlineData($"sub {Trust} -t a -m x", "no flag '-m'")]
    public void Wrong_usage_is_1_as_with_mosquitto_and_says_why(string line, string reason)
    {
        CliRun run = CliRun.Of(line.Split(' '));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("thimble: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"See: thimble {line[..3]} --help{Environment.NewLine}", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("pub", "-l, --stdin-line")]
    [InlineData("sub", "-F FORMAT")]
    public void Help_shows_flags_and_examples_within_a_hundred_columns(string program, string flag)
    {
        CliRun run = CliRun.Of(program, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(flag, run.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("--insecure", run.Output, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
    }

    [Fact]
    public void A_value_may_look_like_a_flag_or_a_file_of_arguments()
    {
        var settings = new PubSettings();
        FlagReader.Read(CommonFlags.Of<PubSettings>(), ["-u", "-n", "-P", "@secret", "--id=a=b", "-D", "PUBLISH", "user-property", "-t", "--help"], settings);
        Assert.Equal(("-n", "a=b", false), (settings.UserName, settings.Id, settings.Help));
        Assert.Equal("@secret"u8.ToArray(), settings.Password);
        Assert.Equal([new MqttUserProperty("-t", "--help")], settings.Properties.UserProperties);
    }

    [Theory]
    [InlineData("mqtts://h", true, null, null, "h", null, null)]
    [InlineData("mqtts://h/", true, null, null, "h", null, null)]
    [InlineData("MQTTS://h:1/a/+/#", true, null, null, "h", 1, "a/+/#")]
    [InlineData("mqtt://u@h/t", false, "u", null, "h", null, "t")]
    [InlineData("mqtts://u:p@h/t%20x", true, "u", "p", "h", null, "t%20x")]
    [InlineData("mqtts://u%40x:p%3a%2F@[::1]:8883//t", true, "u@x", "p:/", "::1", 8883, "/t")]
    [InlineData("mqtts://u:p@q:r@h", true, "u", "p@q:r", "h", null, null)]
    [InlineData("mqtts://[::1]/t", true, null, null, "::1", null, "t")]
    [InlineData("mqtts://:@h/t", true, "", "", "h", null, "t")]
    public void A_url_has_a_user_a_password_a_server_and_a_topic(string url, bool secure, string? user, string? password, string host, int? port, string? topic) =>
        Assert.Equal(new BrokerUrl(secure, user, password, host, port, topic), BrokerUrl.Parse(url));

    [Theory]
    [InlineData("https://h/t")]
    [InlineData("mqtts:/h")]
    [InlineData("mqtts://")]
    [InlineData("mqtts://:1/t")]
    [InlineData("mqtts://h:0/t")]
    [InlineData("mqtts://h:65536/t")]
    [InlineData("mqtts://::1/t")]
    [InlineData("mqtts://[h]/t")]
    [InlineData("mqtts://secret%:p@h/t")]
    [InlineData("mqtts://u:secret%4@h/t")]
    public void What_is_no_url_is_refused_without_showing_the_password(string url) =>
        Assert.DoesNotContain("secret", Assert.Throws<UsageException>(() => BrokerUrl.Parse(url)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_password_is_never_shown()
    {
        Assert.DoesNotContain("secret", BrokerUrl.Parse("mqtts://u:secret@h/t").ToString(), StringComparison.Ordinal);
        CliRun run = CliRun.Of("pub", "-h", "127.0.0.1", "-p", "1", "--allow-plaintext", "-u", "u", "-P", "secret", "-t", "a", "-m", "x", "-d");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Nobody listens on port 1", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Being_quiet_hides_what_goes_wrong_at_run_time_and_not_wrong_usage()
    {
        string[] unreachable = ["pub", "-h", "127.0.0.1", "-p", "1", "--allow-plaintext", "-t", "a", "-m", "x"];
        Assert.Equal((1, ""), (CliRun.Of([.. unreachable, "--quiet"]).ExitCode, CliRun.Of([.. unreachable, "--quiet"]).Error));
        Assert.NotEmpty(CliRun.Of("pub", "--quiet", "-q", "7").Error);
    }

    [Theory]
    [InlineData("-f /none/such")]
    [InlineData("-f /")]
    [InlineData("-s")]
    public void Input_that_cannot_be_had_is_1_with_one_sentence(string source)
    {
        CliRun run = CliRun.Of([.. "pub -h 127.0.0.1 -p 1 --allow-plaintext -t a".Split(' '), .. source.Split(' ')]);
        Assert.Equal(1, run.ExitCode);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_password_comes_from_a_file_s_first_line()
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, "pass wörd\nmore\n");
        var settings = new SubSettings();
        FlagReader.Read(CommonFlags.Of<SubSettings>(), ["--password-file", file], settings);
        File.Delete(file);
        Assert.Equal("pass wörd"u8.ToArray(), settings.Password);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("00FF80610A41", "00FF8061")] // bytes, and not text
    [InlineData("EFBBBF610D0A62", "61")]
    [InlineData("610D", "61")]
    [InlineData("0A61", "")]
    public void A_password_in_a_file_is_bytes(string content, string password)
    {
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, Convert.FromHexString(content));
        byte[] read = PasswordFile.Read(file);
        File.Delete(file);
        Assert.Equal(password, Convert.ToHexString(read));
    }

    [Fact]
    public void A_password_in_a_file_is_as_long_as_Mqtt_can_carry()
    {
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, [0xEF, 0xBB, 0xBF, .. new byte[ushort.MaxValue], (byte)'\r', (byte)'\n', 1]);
        Assert.Equal(new byte[ushort.MaxValue], PasswordFile.Read(file));
        File.WriteAllBytes(file, [.. new byte[ushort.MaxValue + 1], (byte)'\n']);
        Assert.Throws<UsageException>(() => PasswordFile.Read(file));
        File.Delete(file);
    }

    [Fact]
    public void A_prefix_gets_the_process_id()
    {
        var settings = new SubSettings { IdPrefix = "p-" };
        Assert.Equal("p-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture), settings.ClientId);
    }
}
