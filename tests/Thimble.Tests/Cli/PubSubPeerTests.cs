using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli;
using Thimble.Testing;
using Thimble.Tests.Mqtt;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tests.Cli;

/// <summary><c>pub</c> and <c>sub</c> beside mosquitto's own programs, with Mosquitto between them.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class PubSubPeerTests(PeerPki pki)
{
    private const string Everything = "%t|%q|%r|%l|%p|%x|%X|%m|%A|%C|%D|%E|%F|%P|%R|%S";

    private static readonly string[] s_properties =
    [
        "-D", "PUBLISH", "content-type", "text/x", "-D", "PUBLISH", "correlation-data", "corr", "-D", "PUBLISH", "message-expiry-interval", "1000", "-D", "PUBLISH",
        "payload-format-indicator", "1", "-D", "PUBLISH", "response-topic", "r/t", "-D", "PUBLISH", "user-property", "k", "v 1", "-D", "PUBLISH", "user-property", "k", "v2",
    ];

    public static TheoryData<string, int> Matrix
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string version in (string[])["311", "5"])
            {
                for (int qos = 0; qos <= 2; qos++)
                {
                    data.Add(version, qos);
                }
            }

            return data;
        }
    }

    [PeerTheory("mosquitto", "mosquitto_pub", "mosquitto_sub")]
    [MemberData(nameof(Matrix))]
    public async Task Sub_prints_byte_for_byte_what_mosquitto_sub_prints(string version, int qos)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"), version == "5" ? "1.3" : "1.2");
        string[] common = ["-t", "f/#", "-q", Text(qos), "-V", version, "-C", "5", "-W", "30"];
        string[][] formats =
        [
            [], ["-v"], ["-N"], ["-v", "-N"], ["-F", Everything], ["-F", "[%10t|%-10t|%.3t|%03l|%-9p|%09p|%5E|%05F|%9C]", "-N"],
            ["-F", @"\\ \0 \a \e \t \v @@ %% @Y", "-N"], .. (version == "5" ? (string[][])[["-F", "%S %l", "-D", "SUBSCRIBE", "subscription-identifier", "77"]] : [["-F", "%J %t"]]),
        ];
        Publish("-t", "f/kept", "-m", "kept", "-r", "-q", Text(qos));
        List<(ProgramRun Theirs, Task<CliRun> Ours)> pairs = [];
        for (int i = 0; i < formats.Length; i++)
        {
            ProgramRun theirs = ProgramRun.Start("mosquitto_sub", [.. Trusting(broker), .. common, .. formats[i], "-i", $"theirs-{i}"]);
            string[] ours = ["sub", .. Trusting(broker), .. common, .. formats[i], "-i", $"ours-{i}"];
            pairs.Add((theirs, OnItsOwnThread(() => CliRun.Of(ours))));
            broker.Process.WaitFor($"Sending SUBACK to theirs-{i}\\n");
            broker.Process.WaitFor($"Sending SUBACK to ours-{i}\\n");
        }

        Publish(["-t", "f/text", "-m", "{\"a\": [1, 2.50, \"é\\n\"]}", "-q", Text(qos), .. (version == "5" ? s_properties : [])]);
        Publish("-t", "f/binary", "-f", pki.WriteFile("\0\u0001bin\ré \n\t"), "-q", Text(qos));
        Publish("-t", "f/empty", "-n", "-q", Text(qos));
        Publish("-t", "f/long", "-f", pki.WriteFile(string.Concat(Enumerable.Range(0, 40_000).Select(i => (char)('a' + (i % 23))))), "-q", Text(qos));
        foreach (((ProgramRun theirs, Task<CliRun> ours), string[] format) in pairs.Zip(formats))
        {
            using (theirs)
            {
                CliRun run = await ours;
                theirs.ToEnd();
                Assert.Equal((0, 0, string.Join(' ', format)), (theirs.ExitCode, run.ExitCode, string.Join(' ', format)));
                Assert.Equal(WithoutTime(theirs.Output), WithoutTime(run.Bytes));
                Assert.Equal(theirs.Error.TrimEnd(), run.Error.TrimEnd());
            }
        }

        void Publish(params string[] arguments) => Assert.Equal(0, CliRun.Of(["pub", .. Trusting(broker), "-V", version, .. arguments]).ExitCode);
    }

    [PeerTheory("mosquitto", "mosquitto_pub", "mosquitto_sub")]
    [MemberData(nameof(Matrix))]
    public void Pub_publishes_what_mosquitto_pub_publishes(string version, int qos)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("rsa-1"), version == "5" ? "1.2" : "1.3");
        byte[] lines = "one\n\ntwo\r\nthr\u00e9e\nlast without an end"u8.ToArray();
        byte[] binary = [.. Enumerable.Range(0, 70_000).Select(i => (byte)i)];
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, binary);
        (string[] Arguments, byte[] Input, int Messages)[] cases =
        [
            (["-m", "-n"], [], 1), (["-m", ""], [], 1), (["-n"], [], 1), (["-n", "-r"], [], 1), (["-f", file], [], 1), (["-s"], binary, 1), (["-l"], lines, 5),
            (["-m", "again", "--repeat", "3"], [], 3), (["-m", "kept", "-r"], [], 1), (["-s", "--repeat", "2"], "x\ny"u8.ToArray(), 2), (["-m", "b", "-t", "g/last"], [], 1),
            .. (version == "5" ? ((string[], byte[], int)[])[(["-m", "p", .. s_properties], [], 1), (["-l", .. s_properties], lines, 5), (["-m", "a", "-D", "PUBLISH", "topic-alias", "1", "--repeat", "2"], [], 2)] : []),
        ];
        int messages = cases.Sum(one => one.Messages);
        using ProgramRun subscriber = ProgramRun.Start("mosquitto_sub", [.. Trusting(broker), "-t", "g/#", "-q", "2", "-V", version, "-C", Text(2 * messages), "-F", Regex.Replace(Everything, @"\|%m", "|"), "-i", "reader"]);
        broker.Process.WaitFor("Sending SUBACK to reader\\n");
        foreach ((string[] arguments, byte[] input, _) in cases)
        {
            string[] all = [.. Trusting(broker), "-t", "g/1", "-q", Text(qos), "-V", version, .. arguments];
            using ProgramRun theirs = ProgramRun.Start("mosquitto_pub", all);
            theirs.Give(input);
            Assert.Equal(0, theirs.ToEnd().ExitCode);
            CliRun ours = CliRun.WithInput(input, ["pub", .. all]);
            Assert.Equal((0, ""), (ours.ExitCode, ours.Error));
        }

        subscriber.ToEnd();
        File.Delete(file);

        // Theirs and ours came in turn: each case prints the same twice.
        int at = 0;
        foreach ((string[] arguments, _, int count) in cases)
        {
            byte[] first = Lines(subscriber.Output, ref at, count);
            byte[] second = Lines(subscriber.Output, ref at, count);
            Assert.True(first.AsSpan().SequenceEqual(second), $"pub {string.Join(' ', arguments)}: theirs was\n{Encoding.Latin1.GetString(first)}\nand ours\n{Encoding.Latin1.GetString(second)}");
        }

        Assert.Equal(subscriber.Output.Length, at);
    }

    [PeerFact("mosquitto")]
    public async Task Sub_ends_when_it_was_asked_to()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        CliRun late = Sub(broker, "-t", "none", "-W", "1");
        Assert.Equal((27, "Timed out"), (late.ExitCode, late.Error.TrimEnd()));
        Assert.Equal(0, Sub(broker, "-t", "none", "-E").ExitCode);
        foreach (string topic in (string[])["r/1", "r/2", "r/3"])
        {
            Assert.Equal(0, Pub(broker, "-t", topic, "-m", "v", "-r").ExitCode);
        }

        Assert.Equal("r/1 v\nr/2 v\n", Printed(Sub(broker, "-t", "r/#", "-v", "-C", "2")));
        Assert.Equal("r/1 v\nr/3 v\n", Printed(Sub(broker, "-t", "r/#", "-v", "-T", "r/2", "-C", "2")));
        Assert.Equal("", Printed(Sub(broker, "-t", "r/#", "-v", "-R", "-W", "1")));
        Task<CliRun> retained = OnItsOwnThread(() => Sub(broker, "-t", "r/#", "-v", "--retained-only", "-W", "30", "-i", "retained"));
        broker.Process.WaitFor("Sending SUBACK to retained\\n");
        Assert.Equal(0, Pub(broker, "-t", "r/4", "-m", "fresh").ExitCode);
        CliRun only = await retained;
        Assert.Equal((0, "r/1 v\nr/2 v\nr/3 v\n"), (only.ExitCode, Printed(only)));
        Assert.Equal(27, Sub(broker, "-t", "r/#", "-T", "r/3", "--remove-retained", "-R", "-W", "1").ExitCode);
        Assert.Equal("r/3 v\n", Printed(Sub(broker, "-t", "r/#", "-v", "-W", "1")));
    }

    /// <summary>
    /// Both in this process, and the lines as fast as they go. The broker drops none: by default it forgets messages where more than 1,000 wait for one client.
    /// </summary>
    [PeerTheory("mosquitto")]
    [MemberData(nameof(Matrix))]
    public async Task Thousands_of_lines_arrive_in_their_order(string version, int qos)
    {
        const int Lines = 3000;
        using TestBroker broker = TestBroker.Start(pki, "allow_anonymous true\nmax_queued_messages 0\nlog_type subscribe", isQuiet: true);
        string[] common = ["-t", "lines", "-q", Text(qos), "-V", version, .. Trusting(broker.Port, pki.Server("p256").RootFile)];
        Task<CliRun> sub = OnItsOwnThread(() => CliRun.Of(["sub", .. common, "-C", Text(Lines), "-W", "120", "-i", "reader"]));
        broker.Process.WaitFor($"reader {qos} lines\n");
        string lines = string.Concat(Enumerable.Range(0, Lines).Select(i => $"line {i}\n"));
        CliRun pub = await OnItsOwnThread(() => CliRun.WithInput(Encoding.ASCII.GetBytes(lines), ["pub", .. common, "-l"]));
        CliRun read = await sub;
        Assert.Equal((0, 0, "", ""), (pub.ExitCode, read.ExitCode, pub.Error, read.Error));
        Assert.Equal(lines, Printed(read));
    }

    [PeerFact("mosquitto")]
    public void A_session_that_is_kept_brings_what_was_missed_until_it_is_unsubscribed()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        foreach (string version in (string[])["311", "5"])
        {
            string[] session = ["-t", "kept/1", "-t", "kept/2", "-q", "1", "-c", "-i", "keeper" + version, "-V", version];
            Assert.Equal(0, Sub(broker, [.. session, "-E"]).ExitCode);
            Assert.Equal(0, Pub(broker, "-t", "kept/1", "-m", "missed", "-q", "1").ExitCode);
            Assert.Equal("kept/1 missed\n", Printed(Sub(broker, [.. session, "-v", "-C", "1"])));
            Assert.Equal(27, Sub(broker, [.. session, "-U", "kept/1", "-W", "1"]).ExitCode);
            broker.Process.WaitFor($"Received UNSUBSCRIBE from keeper{version}");
        }
    }

    [PeerTheory("mosquitto")]
    [InlineData("TERM", 143, 0)]
    [InlineData("INT", 130, 0)]
    public void A_signal_ends_with_a_disconnect(string signal, int pubCode, int subCode)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        using ProgramRun sub = ProgramRun.Start("dotnet", [typeof(CommandLine).Assembly.Location, "sub", .. Trusting(broker), "-t", "a", "-i", "sub"]);
        using ProgramRun pub = ProgramRun.Start("dotnet", [typeof(CommandLine).Assembly.Location, "pub", .. Trusting(broker), "-t", "a", "-l", "-i", "pub"]);
        broker.Process.WaitFor("Sending SUBACK to sub\\n");
        broker.Process.WaitFor("Sending CONNACK to pub ");
        sub.Signal(signal);
        pub.Signal(signal);
        Assert.Equal((subCode, pubCode), (sub.ToEnd().ExitCode, pub.ToEnd().ExitCode));
        broker.Process.WaitFor("Received DISCONNECT from sub\\n");
        broker.Process.WaitFor("Received DISCONNECT from pub\\n");
    }

    [PeerTheory("mosquitto")]
    [InlineData("1.2", "--tls 1.2", 0)]
    [InlineData("1.3", "--tls 1.3", 0)]
    [InlineData("1.3", "--tls 1.2", 8)]
    [InlineData("1.2", "--tls-version tlsv1.2", 0)]
    [InlineData("1.3", "--tls-version tlsv1.2", 0)]
    [InlineData("1.3", "--tls-version tlsv1.3", 0)]
    [InlineData("1.3", "--profile ecdsa", 0)]
    [InlineData("1.3", "--servername other.example", 8)]
    public void Tls_is_as_it_was_asked_for(string speaks, string flags, int exitCode)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"), speaks);
        CliRun run = Pub(broker, [.. "-t a -m x".Split(' '), .. flags.Split(' ')]);
        Assert.Equal((exitCode, exitCode != 0), (run.ExitCode, run.Error.Length > 0));
    }

    [PeerFact("mosquitto")]
    public void A_directory_of_authorities_is_trusted_and_a_strange_one_is_not()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        DirectoryInfo directory = Directory.CreateTempSubdirectory("thimble-capath-");
        string[] arguments = ["pub", .. Trusting(broker).Where(argument => argument != "--cafile" && argument != pki.Server("p256").RootFile), "-t", "a", "-m", "x"];
        Assert.Contains("has no file", CliRun.Of([.. arguments, "--capath", directory.FullName]).Error, StringComparison.Ordinal);
        File.Copy(pki.Server("rsa-1").RootFile, Path.Combine(directory.FullName, "a.crt"));
        Assert.Equal(8, CliRun.Of([.. arguments, "--capath", directory.FullName]).ExitCode);
        File.Copy(pki.Server("p256").RootFile, Path.Combine(directory.FullName, "b.pem"));
        Assert.Equal(0, CliRun.Of([.. arguments, "--capath", directory.FullName]).ExitCode);
        directory.Delete(recursive: true);
    }

    [PeerFact("mosquitto")]
    public void A_pinned_key_is_trusted_alone_or_narrows_the_authorities()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        string[] cafile = ["--cafile", broker.RootFile];
        string[] alone = ["pub", .. Trusting(broker).Except(cafile), "-t", "a", "-m", "x"];
        string pin = KeyPin.Of(pki.Server("p256").Leaf.Certificate).Text, wrong = KeyPin.Of(pki.Server("rsa-1").Leaf.Certificate).Text;
        Assert.Equal(0, CliRun.Of([.. alone, "--pin", pin]).ExitCode);
        Assert.Equal(0, CliRun.Of([.. alone, .. cafile, "--pin", wrong, "--pin", "sha256//" + pin["sha256/".Length..]]).ExitCode);
        Assert.Equal(8, CliRun.Of([.. alone, .. cafile, "--pin", wrong]).ExitCode);
        Assert.Equal(8, CliRun.Of([.. alone, "--pin", wrong]).ExitCode);
        Assert.Equal(8, CliRun.Of([.. alone, "--cafile", pki.Server("rsa-1").RootFile, "--pin", pin]).ExitCode);
    }

    private CliRun Pub(MosquittoBroker broker, params string[] arguments) => CliRun.Of(["pub", .. Trusting(broker), .. arguments]);

    private CliRun Sub(MosquittoBroker broker, params string[] arguments) => CliRun.Of(["sub", .. Trusting(broker), .. arguments]);

    /// <summary>A command waits for its end as a program does: the pool must not lose its threads to it.</summary>
    private static Task<CliRun> OnItsOwnThread(Func<CliRun> run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static string Printed(CliRun run) => Encoding.UTF8.GetString(run.Bytes);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The flags that get a client in, ours or theirs.</summary>
    private string[] Trusting(MosquittoBroker broker) => Trusting(broker.Port, broker.RootFile);

    private string[] Trusting(int port, string rootFile)
    {
        PeerIdentity client = pki.Client("p256")!;
        return ["-h", "127.0.0.1", "-p", Text(port), "--cafile", rootFile, "--cert", client.ChainFile, "--key", client.KeyFile];
    }

    /// <summary>In Latin-1, so that bytes stay bytes, and without the one thing in which the two may differ.</summary>
    private static string WithoutTime(byte[] output) => Regex.Replace(Encoding.Latin1.GetString(output), "\"tst\":\"[^\"]*\"", "");

    private static byte[] Lines(byte[] output, ref int at, int count)
    {
        // Payloads hold ends of lines: a message ends where the next one begins with its topic.
        int begin = at;
        for (int i = 0; i < count; i++)
        {
            int next = output.AsSpan(at + 1).IndexOf("\ng/"u8);
            at = next < 0 ? output.Length : at + 1 + next + 1;
        }

        return output[begin..at];
    }
}
