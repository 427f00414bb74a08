using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Thimble.Cli;
using Thimble.Cli.Defaults;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Thimble.Tool.Tests.Clouds;
using Xunit;
using static Thimble.Tool.Tests.Register.ScriptedDps;

namespace Thimble.Tool.Tests.Register;

/// <summary>Registering at a DPS that follows a script, over TLS.</summary>
[Collection(PeerTests.Name)]
public sealed class RegisterCommandTests(PeerPki pki) : IDisposable
{
    /// <summary>The example of "Symmetric key attestation".</summary>
    private const string GroupKey = "8isrFI1sGsIlvvFSSFRiMfCNzv21fjbE/+ah/lSh3lF8e2YG1Te7w1KpZhJFFXJrqYKi9yegxkqIChbqOS9Egw==";
    private const string DerivedKey = "Jsm0lyGpjaVYVP2g3FnmnmG9dI/9qU24wNoykUmermc=";
    private const string DerivedFor = "sn-007-888-abc-mac-a1-b2-c3-d4-e5-f6";
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-register-");

    private string Root => pki.Server("p256").RootFile;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_device_that_is_assigned_at_once_learns_its_hub_and_what_to_run_next()
    {
        using ScriptedDps dps = Dps(Reply.Assigned(device: "dev$1"));
        string keyFile = Write("device.key", Key);
        CliRun run = Register(dps, "--sas-key", keyFile);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            $"""
            Registered: {Hub} has the device 'dev$1' (initialAssignment).
            Next:
              thimble pub --for azure-iot-hub -h {Hub} -i 'dev$1' --cafile {Root} --sas-key {keyFile} -t 'devices/dev$1/messages/events/' -m '{"{}"}' -q 1
              thimble sub --for azure-iot-hub -h {Hub} -i 'dev$1' --cafile {Root} --sas-key {keyFile} -t 'devices/dev$1/messages/devicebound/#' -q 1

            """.ReplaceLineEndings("\n"),
            run.Output.ReplaceLineEndings("\n"));
        RecordedConnect connect = Assert.Single(dps.Server.Connects);
        Assert.Equal((Registration, $"0ne00A0A0A0/registrations/{Registration}/api-version=2019-03-31", "Tls12"), (connect.ClientId, connect.UserName, connect.Tls));
        AssertSigned(connect.Password, Registration, Key);
        Assert.Equal(["$dps/registrations/res/#"], dps.Server.Subscribed);
        RecordedPublish request = Assert.Single(dps.Server.Published);
        Assert.Equal(("$dps/registrations/PUT/iotdps-register/?$rid=1", $$"""{"registrationId":"{{Registration}}"}"""), (request.Topic, Encoding.UTF8.GetString(request.Payload)));
    }

    [Fact]
    public void DPS_is_asked_again_when_it_says_so_by_the_operation_that_it_named()
    {
        using ScriptedDps dps = Dps(Reply.Assigning(1), Reply.Assigning(0), Reply.Assigned());
        long start = Stopwatch.GetTimestamp();
        CliRun run = Registered(dps);
        Assert.Equal((0, Hub, Registration), (run.ExitCode, run.Json.GetProperty("hub").GetString(), run.Json.GetProperty("deviceId").GetString()));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.FromSeconds(1.9), TimeSpan.FromSeconds(20)); // never more than once a second, whatever it says
        Assert.Equal(
            [
                "$dps/registrations/PUT/iotdps-register/?$rid=1",
                $"$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId={OperationId}",
                $"$dps/registrations/GET/iotdps-get-operationstatus/?$rid=3&operationId={OperationId}",
            ],
            dps.Server.Published.Select(message => message.Topic));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void A_service_that_is_busy_is_asked_the_same_again(int status)
    {
        using ScriptedDps dps = Dps(Reply.Error(status, status * 1000, "Later", retryAfter: 1), Reply.Assigning(1), Reply.Error(status, status * 1000, "Later", retryAfter: 1), Reply.Assigned());
        Assert.Equal(0, Registered(dps).ExitCode);
        Assert.Equal(["PUT", "PUT", "GET", "GET"], dps.Server.Published.Select(message => message.Topic.Split('/')[2]));
    }

    [Fact]
    public void A_wait_that_is_longer_than_the_time_left_is_not_begun()
    {
        using ScriptedDps dps = Dps(Reply.Error(429, 429002, "Too many requests", retryAfter: 300));
        long start = Stopwatch.GetTimestamp();
        AssertFails(Registered(dps), "RegistrationDelayed", $"DPS answers the registration of '{Registration}' with 429, error 429002, 'Too many requests', tracking ID ada7d102-449e, and is to be asked again in 300 seconds, when the 30 of --timeout are over. Try again then, or give more with --timeout.");
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(400, "Check the registration ID and the --payload.")]
    [InlineData(401, "Check that the key or the certificate is that of this enrollment, that the registration ID is spelled as there, the --id-scope, and this machine's clock.")]
    [InlineData(404, "Check the --id-scope, and that the instance has an enrollment for this ID.")]
    [InlineData(409, "Look at what the log of the DPS instance says.")]
    public void A_refusal_is_told_with_what_DPS_says_and_what_to_check(int status, string advice)
    {
        using ScriptedDps dps = Dps(Reply.Error(status, 401002, """Un\u001b[2Jauthorized"""));
        AssertFails(Registered(dps), "RegistrationRefused", $"DPS answers the registration of '{Registration}' with {status}, error 401002, 'Un\uFFFD[2Jauthorized', tracking ID ada7d102-449e. {advice}");
    }

    [Theory]
    [InlineData("failed", "RegistrationFailed", "DPS could not assign 'sn-007' to a hub, error 400208, 'Custom allocation failed'. Look at the enrollment's allocation policy,")]
    [InlineData("disabled", "EnrollmentDisabled", "The enrollment of 'sn-007' is disabled. Enable the entry in the DPS instance,")]
    public void A_registration_that_ends_without_a_hub_is_told(string state, string reason, string sentence)
    {
        using ScriptedDps dps = Dps(Reply.Assigning(1), new Reply(200, $$$"""{"operationId":"{{{OperationId}}}","status":"{{{state}}}","registrationState":{"registrationId":"{{{Registration}}}","status":"{{{state}}}","errorCode":400208,"errorMessage":"Custom allocation failed"}}"""));
        CliRun run = Registered(dps);
        Assert.Equal((1, reason), (run.ExitCode, Fault(run, "reason")));
        Assert.StartsWith(sentence, Fault(run, "explanation"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_that_is_refused_at_CONNECT_is_told_by_a_name_that_explain_knows()
    {
        using var dps = new ScriptedDps(pki.Server("p256"), 5, false);
        CliRun run = Registered(dps);
        Assert.Equal((1, "MqttConnectionRefused"), (run.ExitCode, Fault(run, "reason")));
        Assert.Equal(0, CliRun.Of("explain", Fault(run, "reason")!).ExitCode);
        Assert.Empty(dps.Server.Published);
    }

    [Fact]
    public void A_server_that_takes_no_subscription_is_not_DPS()
    {
        using var dps = new ScriptedDps(pki.Server("p256"), 0, true);
        AssertFails(Registered(dps), "RegistrationRefused", "The server refuses a subscription to '$dps/registrations/res/#', by which DPS answers. See whether --host is DPS.");
    }

    [Theory]
    [InlineData(false, "DPS did not answer the registration of 'sn-007' within the 2 seconds of --timeout. Try again, or give more with --timeout.")]
    [InlineData(true, "DPS was still assigning 'sn-007' when the 2 seconds of --timeout were over. Run the command again: DPS goes on with the same registration.")]
    public void A_service_that_never_answers_is_left_when_the_time_is_over(bool begins, string sentence)
    {
        // The answers to a request that nobody made are as good as silence.
        var strange = new Reply(202, "{}") { Before = [Message("200/?$rid=77", "{}"), Message("200/?$rid=1&$rid=1", "{}"), new RecordedPublish("elsewhere", [])], Cuts = false };
        using ScriptedDps dps = begins ? Dps(Reply.Assigning(1), strange with { Status = 0 }) : Dps();
        AssertFails(Register(dps, "--sas-key", Write("k", Key), "--timeout", "2", "--json"), "RegistrationTimedOut", sentence);
    }

    [Fact]
    public void Answers_to_other_requests_are_passed_over()
    {
        byte[] evil = Reply.Assigned(hub: "evil.example").Json;
        using ScriptedDps dps = Dps(Reply.Assigned() with
        {
            Before = [new("$dps/registrations/res/200/?$rid=2", evil), new("$dps/registrations/res/200/?$rid=", evil), new("$dps/registrations/res/200/?rid=1", evil), new("$dps/registrations/res/2000/?$rid=1", evil), new("$iothub/res/200/?$rid=1", evil)],
        });
        Assert.Equal(Hub, Registered(dps).Json.GetProperty("hub").GetString());
    }

    public static TheoryData<string, string> Garbage => new()
    {
        { "", "it is no JSON" },
        { "<html>", "it is no JSON" },
        { "[]", "it is no JSON object" },
        { "{}", "it has none of the states that a registration has" },
        { """{"status":7}""", "it has none of the states" },
        { """{"status":"assigning"}""", "it has no operationId by which to ask again" },
        { """{"status":"assigned","status":"assigned"}""", "a name twice" },
        { """{"status":"assigned"}""", "it says 'assigned', and names no hub or no device" },
        { """{"status":"assigning","operationId":"a/#"}""", "its operationId has characters that no topic of DPS has" },
        { """{"status":"assigning","operationId":""}""", "its operationId has characters that no topic of DPS has, or is too long" },
        { """{"status":"\ud800"}""", "half a character" },
        { """{"registrationState":{"payload":{"x":["\ud800"]}}}""", "half a character" },
        { string.Concat(Enumerable.Repeat("""{"a":""", 40)) + "1" + new string('}', 40), "more than 32 levels" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public void An_answer_that_is_not_as_documented_is_refused(string json, string problem) => AssertUnusable(new Reply(200, json), problem);

    [Theory]
    [InlineData("evil.example;rm -rf", Registration, Registration, "'evil.example;rm -rf' is no name of a hub")]
    [InlineData("-oProxyCommand", Registration, Registration, "'-oProxyCommand' is no name of a hub")]
    [InlineData("hub\\n[pub]", Registration, Registration, "'hub\uFFFD[pub]' is no name of a hub")]
    [InlineData("", Registration, Registration, "'' is no name of a hub")]
    [InlineData(Hub, "a\\nkey = /etc/shadow", Registration, "a device ID has letters and digits of ASCII and")]
    [InlineData(Hub, "a/b", Registration, "a device ID has letters and digits of ASCII and")]
    [InlineData(Hub, Registration, "somebody-else", "it is for another registration than 'sn-007'")]
    public void An_assignment_with_names_that_are_none_is_refused(string hub, string device, string registration, string problem) =>
        AssertUnusable(Reply.Assigned(hub, device, registration), problem);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() => AssertUnusable(new Reply(200, [0x7B, 0x22, 0xFF, 0x22, 0x7D]), "it is not UTF-8");

    [Fact]
    public void An_answer_that_is_too_large_ends_the_wait() =>
        AssertUnusable(new Reply(200, new string(' ', 70_000)), "it has 70,000 bytes, and more than 65,536 are not read");

    [Fact]
    public void An_operation_that_lasts_keeps_its_name_where_an_answer_leaves_it_out()
    {
        using ScriptedDps dps = Dps(Reply.Assigning(1), new Reply(202, """{"status":"unassigned"}""") { RetryAfter = 1 }, Reply.Assigned());
        Assert.Equal(0, Registered(dps).ExitCode);
        Assert.EndsWith($"$rid=3&operationId={OperationId}", dps.Server.Published[2].Topic, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_is_lost_in_the_middle_is_told()
    {
        using ScriptedDps dps = Dps(Reply.Assigning(1), Reply.Cut);
        CliRun run = Registered(dps);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(Fault(run, "reason"), (string[])["TruncatedByPeer", "MqttConnectionLost", "ConnectionLost"]); // as the end reaches us: with a farewell of TCP or without
        Assert.Equal(2, dps.Server.Published.Count);
    }

    [Fact]
    public void The_key_of_a_device_is_derived_from_that_of_its_group_and_saved_for_its_owner_only()
    {
        using ScriptedDps dps = Dps(Reply.Assigned(device: DerivedFor, registration: DerivedFor));
        string saved = At("device.key");
        CliRun run = Command(dps, DerivedFor, "--group-key", Write("group.key", GroupKey + "\n"), "--save-key", saved);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        AssertSigned(Assert.Single(dps.Server.Connects).Password, DerivedFor, DerivedKey);
        Assert.Equal(DerivedKey + "\n", File.ReadAllText(saved));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(saved));
        Assert.Contains($"--sas-key {saved} ", run.Output, StringComparison.Ordinal);
        Assert.All([GroupKey[..8], DerivedKey[..8], "sig="], secret => Assert.DoesNotContain(secret, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_saved_is_all_that_pub_needs()
    {
        string defaults = At("hub.conf");
        using ScriptedDps dps = Dps(Reply.Assigned(hub: "localhost"));
        string savedKey = At("device.key");
        CliRun run = Register(dps, "--group-key", Write("group.key", GroupKey), "--save-key", savedKey, "--save", defaults);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains($"  THIMBLE_CONFIG={defaults} thimble pub -t devices/{Registration}/messages/events/ -m '{{}}' -q 1\n", run.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        using var hub = new ConnectRecorder(pki.Server("p256"));
        using var said = new StringWriter();
        int exitCode = CommandLine.Run(
            ["pub", "-p", hub.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "-t", $"devices/{Registration}/messages/events/", "-m", "{}", "-q", "1"],
            Terminal.To(said, said),
            () => new OptionDefaults(DefaultsFile.Read(defaults), _ => null));
        Assert.Equal((0, ""), (exitCode, said.ToString()));
        RecordedConnect connect = Assert.Single(hub.Connects);
        Assert.Equal($"localhost/{Registration}/?api-version=2021-04-12", connect.UserName);
        Assert.StartsWith($"SharedAccessSignature sr=localhost%2Fdevices%2F{Registration}&", connect.Password, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_a_group_may_come_through_a_pipe_which_gives_it_once()
    {
        using ScriptedDps dps = Dps(Reply.Assigned(device: DerivedFor, registration: DerivedFor));
        _ = PeerProcess.Run("mkfifo", At("pipe"));
        Task<CliRun> run = Task.Run(() => Command(dps, DerivedFor, "--group-key", At("pipe"), "--save-key", At("device.key")));
        await File.WriteAllTextAsync(At("pipe"), GroupKey + "\n");
        Assert.Equal(0, (await run.WaitAsync(TimeSpan.FromSeconds(60))).ExitCode);
        Assert.Equal(DerivedKey + "\n", await File.ReadAllTextAsync(At("device.key")));
    }

    [Fact]
    public void A_file_that_cannot_be_written_does_not_hide_that_the_device_is_registered()
    {
        using ScriptedDps dps = Dps(Reply.Assigned());
        CliRun run = Register(dps, "--sas-key", Write("k", Key), "--save", At(new string('x', 300)));
        Assert.Equal(1, run.ExitCode);
        Assert.EndsWith($"The device is registered all the same: {Hub} has '{Registration}'.", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_derived_key_that_was_not_saved_is_asked_for_in_what_comes_next()
    {
        using ScriptedDps dps = Dps(Reply.Assigned());
        CliRun run = Register(dps, "--group-key", Write("group.key", GroupKey), "--save", At("hub.conf"));
        Assert.Contains(" thimble pub --sas-key KEY-FILE -t ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sas-key", File.ReadAllText(At("hub.conf")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_there_is_not_overwritten_and_nothing_is_sent()
    {
        using ScriptedDps dps = Dps(Reply.Assigned());
        string there = Write("there", "old");
        string groupKey = Write("group.key", GroupKey);
        CliRun refused = Register(dps, "--group-key", groupKey, "--save-key", there);
        Assert.Equal((1, $"thimble: {there} exists already. Choose another name, or overwrite it with --force."), (refused.ExitCode, refused.Error.Trim()));
        Assert.Empty(dps.Server.Connects);
        Assert.Equal("old", File.ReadAllText(there));
        Assert.Equal(0, Register(dps, "--group-key", groupKey, "--save-key", there, "--force").ExitCode);
        Assert.NotEqual("old", File.ReadAllText(there));
    }

    [Fact]
    public void A_device_with_a_certificate_sends_no_password_and_its_payload_goes_along()
    {
        using ScriptedDps dps = Dps(Reply.Assigned(more: ""","payload":{"given":"back"}"""));
        PeerIdentity client = pki.Client("p256")!;
        CliRun run = Register(dps, "--cert", client.ChainFile, "--key", client.KeyFile, "--payload", Write("payload.json", """{ "model": 7 }"""), "--json");
        Assert.Equal("", Assert.Single(dps.Server.Connects).Password);
        Assert.Equal($$$"""{"registrationId":"{{{Registration}}}","payload":{"model":7}}""", Encoding.UTF8.GetString(Assert.Single(dps.Server.Published).Payload));
        Assert.Equal("back", run.Json.GetProperty("payload").GetProperty("given").GetString());
        Assert.Contains($"--cert {client.ChainFile} --key {client.KeyFile}", run.Json.GetProperty("next")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1]", "the payload is JSON, but no object")]
    [InlineData("{\n\"a\":1,}", "the payload is no JSON: line 2 breaks its grammar.")]
    [InlineData("""{"a":"\ud800"}""", "half a character")]
    public void A_payload_that_DPS_would_not_take_is_refused_before_anything_is_sent(string payload, string problem)
    {
        using ScriptedDps dps = Dps(Reply.Assigned());
        CliRun run = Register(dps, "--sas-key", Write("k", Key), "--payload", Write("payload.json", payload));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.Empty(dps.Server.Connects);
    }

    [Theory]
    [InlineData("sn 7", "A registration ID has letters and digits of ASCII and - . _ : only, and 'sn 7' has others: give another -i.")]
    [InlineData("sn/7", "A registration ID has letters and digits of ASCII and - . _ : only, and 'sn/7' has others: give another -i.")]
    [InlineData("sn#\u001b[2J", "A registration ID has letters and digits of ASCII and - . _ : only, and 'sn#\uFFFD[2J' has others: give another -i.")]
    [InlineData("sn.", "A registration ID ends with a letter, a digit or '-', and 'sn.' does not: give another -i.")]
    public void An_ID_that_is_none_is_told(string id, string sentence)
    {
        CliRun run = CliRun.Of("register", "--for", "azure-dps", "-i", id, "--id-scope", "0ne", "--sas-key", "k", "--cafile", Root);
        Assert.Equal((1, $"thimble: {sentence}"), (run.ExitCode, run.Error.Trim()));
    }

    [Theory]
    [InlineData("--sas-key k --group-key g --cafile r", "--group-key and --sas-key both make the device's key: give one of them.")]
    [InlineData("--sas-key k --save-key s --cafile r", "--save-key saves the key that is derived from --group-key: give that too.")]
    [InlineData("--sas-key k", "Whom to trust was not said: give --cafile FILE with 'DigiCert Global Root G2' or 'Microsoft RSA Root Certificate Authority 2017', --tls-use-os-certs")]
    [InlineData("--cert c --cafile r", "--cert and --key belong together: give both or none.")]
    [InlineData("--sas-key k --cafile r --timeout 601", "--timeout takes a number from 1 to 600, and not '601'.")]
    [InlineData("--sas-key k --cafile r --host a/b", "--host takes the name or the address of a host, and not 'a/b'.")]
    public void What_cannot_be_meant_is_a_usage_error(string arguments, string sentence)
    {
        CliRun run = CliRun.Of(["register", "--for", "azure-dps", "-i", "sn-7", "--id-scope", "0ne", .. arguments.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("thimble: " + sentence, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_file_that_holds_none_is_told_without_what_it_holds()
    {
        string file = Write("k", "no key, but secret!");
        CliRun run = CliRun.Of("register", "--for", "azure-dps", "-i", "sn-7", "--id-scope", "0ne", "--group-key", file, "--cafile", Root);
        Assert.Equal((1, $"thimble: The file '{file}' (--group-key) does not begin with a shared access key: that is base64 of one line, as the portal shows it."), (run.ExitCode, run.Error.Trim()));
    }

    private static RecordedPublish Message(string rest, string json) => new("$dps/registrations/res/" + rest, Encoding.UTF8.GetBytes(json));

    private static string? Fault(CliRun run, string member) => run.Json.GetProperty("fault").GetProperty(member).GetString();

    private static void AssertFails(CliRun run, string reason, string sentence) =>
        Assert.Equal((1, reason, sentence), (run.ExitCode, Fault(run, "reason"), Fault(run, "explanation")));

    private static void AssertSigned(string token, string id, string key)
    {
        Dictionary<string, string> fields = token["SharedAccessSignature ".Length..].Split('&').Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
        Assert.Equal(($"0ne00A0A0A0%2Fregistrations%2F{id}", "registration"), (fields["sr"], fields["skn"]));
        Assert.Equal(HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.ASCII.GetBytes($"{fields["sr"]}\n{fields["se"]}")), Convert.FromBase64String(Uri.UnescapeDataString(fields["sig"])));
    }

    private ScriptedDps Dps(params Reply[] script) => new(pki.Server("p256"), script);

    private void AssertUnusable(Reply reply, string problem)
    {
        using ScriptedDps dps = Dps(reply);
        CliRun run = Registered(dps);
        Assert.Equal((1, "RegistrationAnswerUnusable"), (run.ExitCode, Fault(run, "reason")));
        Assert.Contains(problem, Fault(run, "explanation"), StringComparison.Ordinal);
    }

    private CliRun Registered(ScriptedDps dps) => Register(dps, "--sas-key", Write("k", Key), "--json");

    private CliRun Register(ScriptedDps dps, params string[] more) => Command(dps, Registration, more);

    private CliRun Command(ScriptedDps dps, string id, params string[] more)
    {
        string[] timeout = more.Contains("--timeout") ? [] : ["--timeout", "30"];
        return CliRun.Of(["register", "--for", "azure-dps", "--host", "localhost", "--port", dps.Port, "--cafile", Root, "-i", id, "--id-scope", "0ne00A0A0A0", .. more, .. timeout]);
    }

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, string content)
    {
        File.WriteAllText(At(name), content);
        return At(name);
    }
}
