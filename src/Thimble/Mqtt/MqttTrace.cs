using System.Diagnostics;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>The activities of publications, in the words of OpenTelemetry's conventions for messaging.</summary>
internal static class MqttTrace
{
    private static readonly ActivitySource s_source = new(MqttClient.ActivitySourceName);

    /// <summary>Begins one where somebody listens. It does not become the current one: its end comes on another thread.</summary>
    public static Activity? Publish(string topic, MqttQos qos)
    {
        if (!s_source.HasListeners())
        {
            return null;
        }

        Activity? before = Activity.Current;
        Activity? activity = s_source.StartActivity("publish", ActivityKind.Producer);
        activity?.SetTag("messaging.system", "mqtt").SetTag("messaging.operation.type", "send").SetTag("messaging.destination.name", topic).SetTag("messaging.mqtt.qos", (int)qos);
        Activity.Current = before;
        return activity;
    }
}
