using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Cli.Clouds;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Clouds;

/// <summary>What a cloud would not take is told in a sentence, before anything is sent: nothing listens here.</summary>
public sealed class CloudRulesTests
{
    private const string Hub = "--for azure-iot-hub -h contoso.azure-devices.net -i MyDevice01 -P token";
    private const string Dps = "--for azure-dps -i reg --id-scope 0ne1 -P token";
    private const string Aws = "--for aws-iot -h x.iot.us-east-1.amazonaws.com --cert me.pem --key me.key";
    private const string Grid = "--for azure-event-grid -h ns.ts.eventgrid.azure.net -i session --cert me.pem --key me.key";
    private const string ClearBlade = "--for clearblade -h us-central1-mqtt.clearblade.com -i projects/p/locations/l/registries/r/devices/d --jwt-key me.key";

    [Theory]
    [InlineData(Aws + " -t t -m x -q 2", "AWS IoT Core has no QoS 2, and -q asks for it: use -q 1.")]
    [InlineData(Aws + " -t t -m x --will-topic w --will-qos 2", "AWS IoT Core has no QoS 2, and --will-qos asks for it: use --will-qos 1.")]
    [InlineData(Aws + " -t a/b/c/d/e/f/g/h/i -m x", "The topic has 8 slashes, and AWS IoT Core takes 7 at most.")]
    [InlineData(Aws + " -t t -m x --will-topic a/b/c/d/e/f/g/h/i", "The topic of the will has 8 slashes, and AWS IoT Core takes 7 at most.")]
    [InlineData(Aws + " -t {300} -m x", "The topic has 300 bytes, and AWS IoT Core takes 256 at most.")]
    [InlineData(Aws + " -t t -m {131073}", "The message has 131,073 bytes, and AWS IoT Core takes 131,072 at most.")]
    [InlineData(Aws + " -t t -m x --will-topic w --will-payload {131073}", "The will has 131,073 bytes, and AWS IoT Core takes 131,072 at most.")]
    [InlineData(Aws + " -t $aws/things/x/shadow/update -m x -r", "AWS IoT Core keeps no messages on topics that begin with '$', and -r asks for that on '$aws/things/x/shadow/update': leave it out.")]
    [InlineData(Aws + " -t t -m x -i {129}", "The client identifier has 129 bytes, and AWS IoT Core takes 128 at most: give a shorter -i.")]
    [InlineData(Aws + " -t t -m x -k 29", "AWS IoT Core takes a keep-alive from 30 to 1,200 seconds, and -k asks for 29.")]
    [InlineData(Aws + " -t t -m x -k 1201", "AWS IoT Core takes a keep-alive from 30 to 1,200 seconds, and -k asks for 1,201.")]
    [InlineData(Aws + " -t t -m x --allow-plaintext", "AWS IoT Core has no connections without TLS: leave out --allow-plaintext, and mqtt://.")]
    [InlineData("--for aws-iot -h h -t t -m x", "AWS IoT Core wants to know who you are: give a client certificate (--cert and --key).")]
    [InlineData("--for aws-iot -h h -t t -m x -u me -P secret", "AWS IoT Core does not know you by a password: it takes a client certificate (--cert and --key).")]
    [InlineData(Hub + " -t devices/MyDevice01/messages/events/ -m x -q 2", "Azure IoT Hub has no QoS 2, and -q asks for it: use -q 1.")]
    [InlineData(Hub + " -t devices/MyDevice01/messages/events/ -m x -r", "Azure IoT Hub keeps no messages for later, and -r asks for that: leave it out.")]
    [InlineData(Hub + " -t devices/MyDevice01/messages/events/ -m x --will-topic devices/MyDevice01/messages/events/ --will-retain", "Azure IoT Hub keeps no messages for later, and --will-retain asks for that: leave it out.")]
    [InlineData(Hub + " -t devices/Other/messages/events/ -m x", "Azure IoT Hub takes messages on topics that begin with 'devices/MyDevice01/messages/events/' or '$iothub/', and not on 'devices/Other/messages/events/'.")]
    [InlineData(Hub + " -t devices/MyDevice01/messages/events/ -m x --will-topic $iothub/x", "Azure IoT Hub takes a will on topics that begin with 'devices/MyDevice01/messages/events/', and not on '$iothub/x'.")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n -k 1178", "Azure IoT Hub takes a keep-alive from 1 to 1,177 seconds, and -k asks for 1,178.")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n -V 5", "Azure IoT Hub speaks MQTT 3.1.1, and -V or -D asks for MQTT 5: use -V 311, and no -D.")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n --tls 1.3", "Azure IoT Hub speaks TLS 1.2, and --tls offers TLS 1.3 only.")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n -u me", "The user name for Azure IoT Hub is 'contoso.azure-devices.net/MyDevice01/?api-version=2021-04-12', and -u gives 'me': leave out -u.")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n --sas-key f", "--sas-key and a password both say who you are, and Azure IoT Hub looks at one: give only that.")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n --id-scope 0ne", "Azure IoT Hub has no ID scope: leave out --id-scope.")]
    [InlineData("--for azure-iot-hub -h h -P t -t $iothub/x -n", "Azure IoT Hub wants a client identifier, which is the device ID, or DEVICE/MODULE: give -i.")]
    [InlineData("--for azure-iot-hub -h h -i d -t $iothub/x -n", "Azure IoT Hub wants to know who you are: give a client certificate (--cert and --key), or a shared access key (--sas-key).")]
    [InlineData(Dps + " -t x -n", "Azure IoT Hub Device Provisioning Service takes messages on topics that begin with '$dps/registrations/', and not on 'x'.")]
    [InlineData(Dps + " -t $dps/registrations/PUT/iotdps-register/?$rid=1 -n -c", "Azure IoT Hub Device Provisioning Service keeps no session when the connection ends: leave out -c and -x.")]
    [InlineData("--for azure-dps -i reg -P t -t $dps/registrations/x -n", "Azure IoT Hub Device Provisioning Service wants the ID scope of your instance in the user name: give --id-scope, as the portal shows it.")]
    [InlineData(Grid + " -t t -m x -q 2", "Azure Event Grid has no QoS 2, and -q asks for it: use -q 1.")]
    [InlineData(Grid + " -t t -m x -k 1161", "Azure Event Grid takes a keep-alive from 1 to 1,160 seconds, and -k asks for 1,161.")]
    [InlineData(Grid + " -t t -r -m {65537}", "The message has 65,537 bytes, and Azure Event Grid keeps messages of 65,536 at most: leave out -r.")]
    [InlineData(Grid + " -t t -m {524289}", "The message has 524,289 bytes, and Azure Event Grid takes 524,288 at most.")]
    [InlineData(Grid + " -t t -m x -D CONNECT user-property a b", "Azure Event Grid refuses a CONNECT with user properties: leave out -D CONNECT user-property.")]
    [InlineData(Grid + " -t t -m x --will-topic w -D WILL will-delay-interval 301", "Azure Event Grid delays a will by 300 seconds at most, and -D asks for 301.")]
    [InlineData(Grid + " -t {257} -m x", "The topic has 257 bytes, and Azure Event Grid takes 256 at most.")]
    [InlineData(Grid + " -t 1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16 -m x", "The topic has 15 slashes, and Azure Event Grid takes 14 at most.")]
    [InlineData(Grid + " -t t -m x -D DISCONNECT user-property a b", "Azure Event Grid refuses a DISCONNECT with user properties: leave out -D DISCONNECT user-property.")]
    [InlineData("--for azure-iot-hub -h h -P t -i dev/pump/x -t $iothub/x -n", "A client identifier is DEVICE or DEVICE/MODULE, and 'dev/pump/x' has 2 slashes: give another -i.")]
    [InlineData("--for azure-iot-hub -h h -P t -i dev/ -t $iothub/x -n", "A device ID has 1 to 128 characters, and '' has 0: give another -i.")]
    [InlineData("--for azure-iot-hub -h h -P t -i d\u00e9v -t $iothub/x -n", "A device ID has letters and digits of ASCII and - : . + % _ # * ? ! ( ) , = @ ; $ ' only, and 'd\u00e9v' has others: give another -i.")]
    [InlineData("--for azure-iot-hub -h contoso.azure-devices.net -P t -i api-version -u contoso.azure-devices.net/other -t $iothub/x -n", "The user name for Azure IoT Hub is 'contoso.azure-devices.net/api-version/?api-version=2021-04-12', and -u gives 'contoso.azure-devices.net/other': leave out -u.")]
    [InlineData("--for azure-dps -i {129} --id-scope 0ne1 -P t -t $dps/registrations/x -n", "A registration ID has 1 to 128 characters, and 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\u2026' has 129: give another -i.")]
    [InlineData("--for azure-dps -i reg: --id-scope 0ne1 -P t -t $dps/registrations/x -n", "A registration ID ends with a letter, a digit or '-', and 'reg:' does not: give another -i.")]
    [InlineData("--for azure-dps -i reg --id-scope 0ne/registrations/other -P t -t $dps/registrations/x -n", "An ID scope is one word, such as 0ne00A0A0A0, and --id-scope gives '0ne/registrations/other'.")]
    [InlineData("--for clearblade -h h -i d\u001b[2J --jwt-key k -t /devices/d/state -m x", "ClearBlade IoT Core knows clients by projects/PROJECT/locations/LOCATION/registries/REGISTRY/devices/DEVICE, and -i gives 'd\uFFFD[2J'.")]
    [InlineData("--for hivemq-cloud -h h -t t -m x", "HiveMQ Cloud wants to know who you are: give a client certificate (--cert and --key), or a user name and a password (-u and --password-file).")]
    [InlineData("--for hivemq-cloud -h h -t t -m x -P secret", "HiveMQ Cloud takes a password with a user name only: give -u.")]
    [InlineData("--for emqx -h h -t t -u me -P secret -m {1048577}", "The message has 1,048,577 bytes, and EMQX Cloud takes 1,048,576 at most.")]
    [InlineData(ClearBlade + " -t /devices/d/events -m x -q 2", "ClearBlade IoT Core has no QoS 2, and -q asks for it: use -q 1.")]
    [InlineData(ClearBlade + " -t events -m x", "ClearBlade IoT Core takes messages on topics that begin with '/devices/', and not on 'events'.")]
    [InlineData(ClearBlade + " -t /devices/d/events -m x --token-lifetime 86401", "ClearBlade IoT Core takes tokens of 86,400 seconds at most, and --token-lifetime asks for 86,401.")]
    [InlineData("--for clearblade -h h -i d --jwt-key k -t /devices/d/state -m x", "ClearBlade IoT Core knows clients by projects/PROJECT/locations/LOCATION/registries/REGISTRY/devices/DEVICE, and -i gives 'd'.")]
    [InlineData("--for clearblade -h h --jwt-key k -t /devices/d/state -m x", "ClearBlade IoT Core wants a client identifier, which is the path of the device: give -i projects/PROJECT/locations/LOCATION/registries/REGISTRY/devices/DEVICE.")]
    public void A_publication_that_the_cloud_would_not_take_is_refused(string arguments, string sentence) => Expect("pub", arguments, sentence);

    [Theory]
    [InlineData(Aws + " -t t -q 2", "AWS IoT Core has no QoS 2, and -q asks for it: use -q 1.")]
    [InlineData(Aws + " -t +/+/+/+/+/+/+/+/#", "The filter '+/+/+/+/+/+/+/+/#' has 8 slashes, and AWS IoT Core takes 7 at most.")]
    [InlineData(Aws + " -t 1 -t 2 -t 3 -t 4 -t 5 -t 6 -t 7 -t 8 -t 9", "AWS IoT Core takes 8 filters at a time, and -t gives 9: use filters with '+' and '#', or several commands.")]
    [InlineData(Aws + " -t {257}", "The filter 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…' has 257 bytes, and AWS IoT Core takes 256 at most.")]
    [InlineData(Aws + " -t t --will-topic w --will-qos 2", "AWS IoT Core has no QoS 2, and --will-qos asks for it: use --will-qos 1.")]
    [InlineData(Hub + " -t home/#", "Azure IoT Hub takes filters that begin with 'devices/MyDevice01/' or '$iothub/', and not 'home/#'.")]
    [InlineData(Dps + " -t $dps/registrations/#", "Azure IoT Hub Device Provisioning Service takes filters that begin with '$dps/registrations/res/', and not '$dps/registrations/#'.")]
    [InlineData(Grid + " -t t -D SUBSCRIBE subscription-identifier 1", "Azure Event Grid takes no identifiers of subscriptions: leave out -D SUBSCRIBE subscription-identifier.")]
    [InlineData(Grid + " -t 1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/#", "The filter '1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/#' has 15 slashes, and Azure Event Grid takes 14 at most.")]
    [InlineData(Grid + " -t t -D SUBSCRIBE user-property a b", "Azure Event Grid refuses a SUBSCRIBE with user properties: leave out -D SUBSCRIBE user-property.")]
    [InlineData(ClearBlade + " -t #", "ClearBlade IoT Core takes filters that begin with '/devices/', and not '#'.")]
    public void A_subscription_that_the_cloud_would_not_take_is_refused(string arguments, string sentence) => Expect("sub", arguments, sentence);

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        CliRun run = Run("pub", Aws + " -t a/b/c/d/e/f/g/h/i -m x -q 2 -k 10");
        Assert.Equal(3, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("thimble: ", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Aws + " -t a/b/c/d/e/f/g/h -m x -q 1 -r -k 30 --tls 1.2")]
    [InlineData(Aws + " -t $aws/rules/my_rule/a/b/c/d/e/f/g/h -m x -k 1200 -V 5")]
    [InlineData(Hub + " -t devices/MyDevice01/messages/events/$.ct=application%2Fjson -m x -q 1 -k 1177")]
    [InlineData(Hub + " -t $iothub/twin/GET/?$rid=1 -n -u contoso.azure-devices.net/MyDevice01/?api-version=2020-09-30")]
    [InlineData("--for azure-iot-hub -h h -P t -i it's$(a):b@c/mod+1 -t $iothub/x -n")]
    [InlineData(Grid + " -t 1/2/3/4/5/6/7/8/9/10/11/12/13/14/15 -m x -V 5 -D PUBLISH user-property a b")]
    [InlineData(Grid + " -t any/topic -m x -q 1 -r -V 5 --will-topic w -D WILL will-delay-interval 300")]
    [InlineData("--for hivemq-cloud -h h -u me -P secret -t a/b/c/d/e/f/g/h/i/j -m x -q 2 -r")]
    [InlineData(ClearBlade + " -t /devices/d/events/alerts -m x -q 1 --token-lifetime 86400")]
    public void What_the_cloud_takes_is_held_up_by_whom_to_trust_only(string arguments)
    {
        CliRun run = Run("pub", arguments);
        Assert.StartsWith("thimble: Whom to trust was not said: give --cafile FILE with '", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--for google -h h -t t -m x", "There is no cloud 'google' here. There are: aws-iot, azure-iot-hub, azure-dps, azure-event-grid, hivemq-cloud, emqx, clearblade.")]
    [InlineData("--for emqx -u me -P secret -t t -m x", "EMQX Cloud has another server for each account: give -h.")]
    [InlineData("-h h -t t -m x --sas-key f", "--sas-key is for a cloud: give --for too, with one of aws-iot,")]
    [InlineData("-h h -t t -m x --jwt-key f", "--jwt-key is for a cloud: give --for too,")]
    [InlineData("-h h -t t -m x --id-scope f", "--id-scope is for a cloud: give --for too,")]
    [InlineData("-h h -t t -m x --token-lifetime 60", "--token-lifetime is for a cloud: give --for too,")]
    [InlineData("--for azure-iot-hub --token-lifetime 59", "--token-lifetime takes a number from 60 to 31536000, and not '59'.")]
    public void Flags_that_make_no_sense_together_are_refused(string arguments, string sentence)
    {
        CliRun run = Run("pub", arguments);
        Assert.Contains("thimble: " + sentence, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
    }

    /// <summary>The limits are AWS's own words: 256 bytes of UTF-8 and 7 slashes, behind the name of a rule where there is one.</summary>
    [Fact]
    public void A_topic_is_refused_exactly_where_it_is_too_long_or_too_deep() => Prop.ForAll<NonEmptyArray<byte>, bool>((levels, ingest) =>
    {
        string counted = string.Join('/', levels.Get.Select(level => new string('ä', level % 32)));
        var connection = new CloudConnection { Preset = CloudPresets.Find("aws-iot")!, Host = "h", Port = 8883 };
        string[] problems = [.. CloudRules.Publication(connection, new MqttPublication { Topic = (ingest ? "$aws/rules/a_rule/" : "") + counted }, 0)];
        int expected = (Encoding.UTF8.GetByteCount(counted) > 256 ? 1 : 0) + (levels.Get.Length > 8 ? 1 : 0);
        return problems.Length == expected;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("connect 127.0.0.1:1 --cafile ca.pem --for aws-iot", "thimble: AWS IoT Core asks for a client certificate: give --cert and --key.")]
    [InlineData("connect 127.0.0.1:1 --cafile ca.pem --for azure-iot-hub --tls 1.3", "thimble: Azure IoT Hub speaks TLS 1.2, and --tls offers TLS 1.3 only.")]
    public void Connect_tells_it_too(string arguments, string sentence)
    {
        CliRun run = CliRun.Of(arguments.Split(' '));
        Assert.Equal((1, sentence), (run.ExitCode, run.Error.TrimEnd()));
    }

    private static void Expect(string command, string arguments, string sentence)
    {
        CliRun run = Run(command, arguments);
        Assert.Contains("thimble: " + sentence + "\n", run.Error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
    }

    /// <summary>Runs a command line in which <c>{300}</c> is a text of so many bytes.</summary>
    private static CliRun Run(string command, string arguments)
    {
        IEnumerable<string> words = arguments.Split(' ').Select(word => word is ['{', .. var count, '}'] ? new string('x', int.Parse(count, CultureInfo.InvariantCulture)) : word);
        return CliRun.Of([command, .. words]);
    }
}
