using System;
using System.Collections.Generic;
using Thimble.Cli.Clouds;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>What <c>sub</c> was asked for.</summary>
internal sealed class SubSettings : ClientSettings
{
    public List<string> Topics { get; } = [];

    /// <summary>Filters to take back (<c>-U</c>).</summary>
    public List<string> Unsubscribe { get; } = [];

    /// <summary>Topics that are not printed (<c>-T</c>).</summary>
    public List<string> FilterOut { get; } = [];

    public string? Format { get; set; }

    public bool Verbose { get; set; }

    public bool NoLineEnds { get; set; }

    public bool Pretty { get; set; }

    /// <summary>How many messages to print, or 0 for no end.</summary>
    public int Count { get; set; }

    public TimeSpan? Timeout { get; set; }

    public bool ExitWhenSubscribed { get; set; }

    public bool NoRetained { get; set; }

    public bool RetainedOnly { get; set; }

    public bool RetainAsPublished { get; set; }

    public bool RemoveRetained { get; set; }

    /// <summary>Of a hundred messages, how many are printed.</summary>
    public double Chance { get; set; } = 100;

    /// <summary>How messages are printed.</summary>
    public OutputFormat Output => Format is { } format ? OutputFormat.Parse(format, !NoLineEnds, Pretty) : OutputFormat.Simple(Verbose, !NoLineEnds);

    public override void AddTopic(string flag, string topic) => Topics.Add(TopicRules.Filter(flag, topic));

    protected override IEnumerable<string> CloudProblems(CloudConnection connection) =>
        [.. base.CloudProblems(connection), .. CloudRules.Subscriptions(connection, Topics, Qos, SubscriptionIdentifier is not null)];

    public override void Check()
    {
        Refuse(Topics.Count == 0, "What to subscribe to was not said: give -t TOPIC.");
        Refuse(NoRetained && RetainedOnly, "-R prints no retained messages, and --retained-only no others: nothing would be left.");
        Refuse(RetainAsPublished && Version != MqttVersion.V5, "--retain-as-published is of MQTT 5: give -V 5 too.");
        base.Check();
    }
}
