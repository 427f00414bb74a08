using System;
using System.Globalization;
using Thimble.Mqtt;

namespace Thimble.MqttDriver;

/// <summary>One line of the standard input: where to connect, how, and what to do there.</summary>
/// <param name="Port">The broker's port on 127.0.0.1.</param>
/// <param name="Version">MQTT 3.1.1 or 5, by the protocol level 4 or 5.</param>
/// <param name="Clean">Whether a new session begins.</param>
/// <param name="Command">The first word of what to do, or nothing.</param>
/// <param name="Arguments">The other words.</param>
internal sealed record Script(int Port, MqttVersion Version, bool Clean, string Command, string[] Arguments)
{
    /// <exception cref="FormatException">The line is none that the driver knows.</exception>
    public static Script Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !ushort.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || words[1] is not ("4" or "5") || words[2] is not ("0" or "1"))
        {
            throw new FormatException($"'{line}' is not PORT VERSION CLEAN [command], with the version 4 or 5, and clean 0 or 1.");
        }

        string command = words.Length > 3 ? words[3] : "";
        string[] arguments = words.Length > 4 ? words[4..] : [];
        int count = command switch
        {
            "" => 0,
            "unsubscribe" => 1,
            "subscribe" => 2,
            "publish" => 3,
            _ => throw new FormatException($"There is no command '{command}': there are subscribe, unsubscribe and publish."),
        };
        return arguments.Length == count
            ? new Script(port, words[1] == "4" ? MqttVersion.V311 : MqttVersion.V5, words[2] == "1", command, arguments)
            : throw new FormatException($"'{command}' takes {count} words, and there are {arguments.Length}.");
    }

    /// <summary>A QoS among the arguments.</summary>
    public MqttQos Qos(int index) => Arguments[index] switch
    {
        "0" => MqttQos.AtMostOnce,
        "1" => MqttQos.AtLeastOnce,
        "2" => MqttQos.ExactlyOnce,
        _ => throw new FormatException($"'{Arguments[index]}' is no QoS."),
    };
}
