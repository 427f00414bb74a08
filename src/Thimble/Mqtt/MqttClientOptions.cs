using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What an <see cref="MqttClient"/> is told before it begins.</summary>
public sealed record MqttClientOptions
{
    /// <summary>
    /// The broker: <c>mqtts://host</c> or <c>mqtts://host:port</c>; the port is 8883 unless it is said. <c>mqtt://</c> (1883) is for
    /// <see cref="AllowPlaintext"/> only.
    /// </summary>
    public required Uri Server { get; init; }

    /// <summary>Whom the client trusts and who it is. They stay the caller's. Needed for <c>mqtts</c> unless <see cref="Tls"/> has them.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>
    /// All about TLS, for those who need more than <see cref="Credentials"/>. Its profile's windows decide how many messages share a record: 16 kB is what the
    /// client chooses itself. Null is <see cref="Credentials"/> with a profile that fits any server, sessions being resumed.
    /// </summary>
    public TlsConnectionOptions? Tls { get; init; }

    /// <summary>Whether <c>mqtt://</c> may send everything, the password too, as anybody can read and change it. For tests and for tunnels only.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>The version to speak.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    /// <summary>The client identifier; empty lets the broker choose.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The user name, or null.</summary>
    public string? UserName { get; init; }

    /// <summary>The password, any bytes; empty sends none. With MQTT 3.1.1 it needs a user name.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>
    /// Gives each connection its password, in place of <see cref="Password"/>: for tokens that expire. It is asked when the transport stands, right before CONNECT, and each
    /// time for memory of its own, which the client wipes. What it throws ends the attempt, and is the cause of the exception that says so.
    /// </summary>
    public Func<CancellationToken, ValueTask<MqttPassword>>? PasswordSource { get; init; }

    /// <summary>
    /// Whether the first connection begins a new session, and what the broker still keeps of this client is thrown away. Connections that are made again
    /// after a loss never begin one while the session may live on.
    /// </summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>
    /// For how long the broker keeps the session when the connection ends, in whole seconds; <see cref="TimeSpan.MaxValue"/> is for ever. MQTT 3.1.1 knows only zero
    /// and for ever: anything above zero is the latter.
    /// </summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>The longest silence, in whole seconds up to 65,535, and the longest wait for an answer. Zero turns both off.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest that making a connection may take, from the name's look-up to CONNACK.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What the broker publishes when the connection ends without a word, or null.</summary>
    public MqttLastWill? Will { get; init; }

    /// <summary>Further properties of CONNECT (MQTT 5).</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];

    /// <summary>Enhanced authentication (MQTT 5), or null.</summary>
    public MqttAuthentication? Authentication { get; init; }

    /// <summary>How lost connections are made again; null leaves that to the caller.</summary>
    public MqttReconnectOptions? Reconnect { get; init; } = new();

    /// <summary>How publications wait.</summary>
    public MqttQueueOptions Queue { get; init; } = new();

    /// <summary>
    /// How many publications of QoS 1 and 2 may be sent and not acknowledged, from 1 to 4,000; a broker of MQTT 5 may allow fewer. One of MQTT 3.1.1 cannot say so:
    /// Mosquitto 2.0.11 loses messages of QoS 2 where more than 20 are on their way.
    /// </summary>
    public int MaxInFlight { get; init; } = 64;

    /// <summary>
    /// How many topics may be replaced by a number in what is sent, as far as the broker allows it (MQTT 5 §3.3.2.3.4): the first topics that are published to. 0 for
    /// none.
    /// </summary>
    public int TopicAliases { get; init; }

    /// <summary>
    /// How many topics the broker may replace by a number in what it sends (MQTT 5 §3.1.2.11.5), from 0 to 255; each takes <see cref="MaxTopicBytes"/> and two bytes more. A message
    /// has its topic all the same. 0 for none.
    /// </summary>
    public int InboundTopicAliases { get; init; }

    /// <summary>How many messages may wait for the reader; then the client stops to read from the network. 1 or more.</summary>
    public int ReceiveQueue { get; init; } = 256;

    /// <summary>How many messages of QoS 1 and 2 the broker may send before it gets acknowledgements, from 1 to 255.</summary>
    public int ReceiveMaximum { get; init; } = 255;

    /// <summary>The longest topic that is received, in bytes; a longer one ends the connection with a fault that says so.</summary>
    public int MaxTopicBytes { get; init; } = 1024;

    /// <summary>The largest payload that is gathered. Larger ones go to <see cref="LargeMessages"/>.</summary>
    public int MaxMessageBytes { get; init; } = 256 << 10;

    /// <summary>Takes what is larger. Without it such a message is skipped, acknowledged, logged and counted.</summary>
    public IMqttPayloadSink? LargeMessages { get; init; }

    /// <summary>Whether messages are acknowledged by <see cref="MqttMessage.Acknowledge"/> and not when they are taken.</summary>
    public bool ManualAcknowledgement { get; init; }

    /// <summary>Where the client's log goes; never payloads, passwords or keys. Null is nowhere.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Where the meter <see cref="MqttClient.MeterName"/> comes from; null makes one that all such clients share.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>
    /// Whether publications carry the trace that they belong to, as the user properties <c>traceparent</c> and <c>tracestate</c> (MQTT 5, W3C Trace Context). An
    /// activity is made in any case where somebody listens to <see cref="MqttClient.ActivitySourceName"/>.
    /// </summary>
    public bool PropagateTrace { get; init; }

    /// <summary>The clock of waits and time-outs.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>What the waits between attempts are drawn from; null is <see cref="Random.Shared"/>. It need not be unpredictable.</summary>
    public Random? Random { get; init; }
}
