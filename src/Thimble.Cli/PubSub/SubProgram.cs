using System;
using System.CommandLine;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary><c>thimble sub</c>: subscribes and prints what arrives, by the flags of mosquitto_sub.</summary>
internal sealed class SubProgram(Terminal terminal) : ClientProgram<SubSettings>(terminal)
{
    protected override string Name => "sub";

    protected override string Usage => """
        Subscribe to topics of a broker, over TLS, and print what arrives. The flags are mosquitto_sub's.

        Usage: thimble sub -h HOST --cafile FILE -t TOPIC [-t TOPIC ...] [flags]
               thimble sub -L mqtts://HOST/TOPIC --cafile FILE [flags]
        """;

    protected override string Examples => """
        Examples:
          thimble sub -h broker.example.org --cafile ca.pem -t 'home/#' -v
          thimble sub -h broker.example.org --tls-use-os-certs -u ann -t alarms -q 1 -C 1 -W 60
          thimble sub -h broker.example.org --cafile ca.pem -t '#' -F '%I %t %x'
          thimble sub -h localhost --allow-plaintext -t test
          thimble sub --for aws-iot -h ENDPOINT --cafile ca.pem --cert me.pem --key me.key -t 'dt/#' -q 1

        A lost connection is made again. The exit code is 0, 27 after -W, 1 for bad input and servers that
        cannot be reached, 8 for TLS, or the broker's own reason code. docs/pubsub.md compares the flags.
        """;

    protected override Flag<SubSettings>[] Flags { get; } = [.. Subscriptions(), .. Printing(), .. CommonFlags.Of<SubSettings>()];

    /// <summary>The command, for the list of commands: its flags are read by <see cref="FlagReader"/>.</summary>
    public static Command Command() => new("sub", "Subscribe to an MQTT broker and print what arrives, by the flags of mosquitto_sub.");

    protected override MqttClientOptions Adapt(MqttClientOptions options) => options;

    protected override TimeSpan? Limit(SubSettings settings) => settings.Timeout;

    /// <summary>Being ended from outside is how it usually ends.</summary>
    protected override int Interrupted(int shellCode) => ExitCode.Good;

    protected override async Task<int> WorkAsync(SubSettings settings, MqttClient client, CancellationToken stop)
    {
        int refused = await SubscribeAsync(settings, client, stop).ConfigureAwait(false);
        if (refused != ExitCode.Good || settings.ExitWhenSubscribed)
        {
            return refused;
        }

        await new MessagePrinter(settings, client, Terminal).RunAsync(stop).ConfigureAwait(false);
        return ExitCode.Good;
    }

    /// <summary>Subscribes, and takes back what is to be. The result is an exit code: of a refusal, where all were refused.</summary>
    private async Task<int> SubscribeAsync(SubSettings settings, MqttClient client, CancellationToken stop)
    {
        MqttSubscribeResult result = await client.SubscribeAsync(settings.Topics.Select(topic => new MqttSubscription(topic, settings.Qos)
        {
            RetainAsPublished = settings.RetainAsPublished,
            Identifier = settings.SubscriptionIdentifier ?? 0,
        }), settings.SubscribeProperties, stop).ConfigureAwait(false);
        for (int i = 0; i < result.Reasons.Count; i++)
        {
            if (result.Reasons[i] >= MqttReasonCode.UnspecifiedError)
            {
                Say(settings, $"thimble: the broker refused the subscription to '{result.Subscriptions[i].Filter}': {ReasonWords.Of(result.Reasons[i])}.");
            }
        }

        if (result.Reasons.All(reason => reason >= MqttReasonCode.UnspecifiedError))
        {
            Say(settings, "All subscription requests were denied.");
            return (int)result.Reasons[0];
        }

        if (settings.Unsubscribe.Count > 0)
        {
            await client.UnsubscribeAsync(settings.Unsubscribe, settings.UnsubscribeProperties, stop).ConfigureAwait(false);
        }

        return ExitCode.Good;
    }

    private static Flag<SubSettings>[] Subscriptions()
    {
        const string Section = "What is subscribed to";
        return
        [
            new(Section, "-t, --topic", "TOPIC", "A topic, in which '+' is all of a level and '#' all of the last ones. May be repeated.", static (settings, values) => settings.AddTopic("-t", values[0])),
            new(Section, "-q, --qos", "QOS", "The highest QoS to get: 0, 1 or 2. The default is 0.", static (settings, values) => settings.Qos = FlagValue.Qos("-q", values[0])),
            new(Section, "-U, --unsubscribe", "TOPIC", "A topic to take back, of a session that was kept. May be repeated.", static (settings, values) => settings.Unsubscribe.Add(TopicRules.Filter("-U", values[0]))),
            new(Section, "-C", "COUNT", "End after so many messages.", static (settings, values) => settings.Count = (int)FlagValue.Integer("-C", values[0], 1, int.MaxValue)),
            new(Section, "-W", "SECONDS", "End after so long, with the exit code 27.", static (settings, values) => settings.Timeout = TimeSpan.FromSeconds(FlagValue.Integer("-W", values[0], 1, int.MaxValue / 1000))),
            new(Section, "-E", "", "End when the broker has granted the subscriptions.", static (settings, _) => settings.ExitWhenSubscribed = true),
            new(Section, "--retain-as-published", "", "MQTT 5: messages tell whether they were published to be kept.", static (settings, _) => settings.RetainAsPublished = true),
        ];
    }

    private static Flag<SubSettings>[] Printing()
    {
        const string Section = "What is printed";
        return
        [
            new(Section, "-v, --verbose", "", "The topic before the payload.", static (settings, _) => settings.Verbose = true),
            new(Section, "-F", "FORMAT", "In this format: %t topic, %p payload, %x in hexadecimal, %l its length, %q QoS, %r retained, %m packet, %I time, %U Unix time, %j and %J JSON, %A %C %D %E %F %P %R %S properties, @X as strftime does, \\n \\t \\0.", static (settings, values) => settings.Format = Known(values[0])),
            new(Section, "--pretty", "", "%j and %J take several lines.", static (settings, _) => settings.Pretty = true),
            new(Section, "-N", "", "No end of line after each message.", static (settings, _) => settings.NoLineEnds = true),
            new(Section, "-R", "", "No messages that the broker had kept.", static (settings, _) => settings.NoRetained = true),
            new(Section, "--retained-only", "", "Only such, and end at the first other one.", static (settings, _) => settings.RetainedOnly = true),
            new(Section, "--remove-retained", "", "Have the broker remove each of them.", static (settings, _) => settings.RemoveRetained = true),
            new(Section, "-T, --filter-out", "TOPIC", "None of these topics. May be repeated.", static (settings, values) => settings.FilterOut.Add(TopicRules.Filter("-T", values[0]))),
            new(Section, "--random-filter", "PERCENT", "Of a hundred messages so many, chosen at random.", static (settings, values) => settings.Chance = FlagValue.Decimal("--random-filter", values[0], 0.1, 100)),
        ];
    }

    private static string Known(string format)
    {
        _ = FormatParser.Parse(format);
        return format;
    }
}
