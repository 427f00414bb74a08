using System;
using System.Collections.Generic;
using Thimble.Cli.Clouds;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>What <c>pub</c> was asked for.</summary>
internal sealed class PubSettings : ClientSettings
{
    /// <summary>Where the messages come from.</summary>
    public enum Source
    {
        None = 0,
        Argument = 1,
        File = 2,
        Lines = 3,
        Whole = 4,
        Nothing = 5,
    }

    public string? Topic { get; private set; }

    public Source From { get; private set; }

    public byte[] Message { get; private set; } = [];

    public string? File { get; private set; }

    public bool Retain { get; set; }

    public int Repeat { get; set; } = 1;

    public TimeSpan RepeatDelay { get; set; }

    /// <summary>The last one counts, as with mosquitto_pub.</summary>
    public override void AddTopic(string flag, string topic) => Topic = TopicRules.Name(flag, topic);

    /// <summary>Takes one of the flags that say where messages come from.</summary>
    public void Take(Source source, string value = "")
    {
        Refuse(From != Source.None, "-f, -l, -m, -n and -s each say what is published: give one of them.");
        From = source;
        Message = source == Source.Argument ? FlagValue.Bytes("-m", value, "Give it by -f or -s.") : [];
        File = source == Source.File ? value : null;
    }

    /// <summary>The message without its payload.</summary>
    public MqttPublication Publication => Properties.Apply(new MqttPublication { Topic = Topic!, Qos = Qos, Retain = Retain });

    /// <summary>Sees whether the cloud, if one was named, takes a payload of this size.</summary>
    /// <exception cref="CloudRuleException">It does not.</exception>
    public void CheckSize(long bytes)
    {
        if (Cloud.Preset is { } preset)
        {
            CloudRuleException.ThrowIfAny(CloudRules.Payload(preset, bytes, Retain));
        }
    }

    protected override IEnumerable<string> CloudProblems(CloudConnection connection) =>
        [.. base.CloudProblems(connection), .. CloudRules.Publication(connection, Publication, From is Source.Argument ? Message.Length : null)];

    public override void Check()
    {
        Refuse(Topic is null, "Where to publish was not said: give -t TOPIC.");
        Refuse(From == Source.None, "What to publish was not said: give -m TEXT, -f FILE, -l or -s for the standard input, or -n for nothing.");
        base.Check();
    }
}
