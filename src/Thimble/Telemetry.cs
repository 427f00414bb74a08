using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Thimble;

/// <summary>What the process tells of its connections: the meter and the activity source are both named "Thimble". Neither carries a secret or what was said.</summary>
internal static class Telemetry
{
    public const string Name = "Thimble";

    private static readonly Meter s_meter = new(Name);

    /// <summary>Handshakes, as activities.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Handshakes that ended, by result, version and whether a session was resumed.</summary>
    public static Counter<long> Handshakes { get; } = s_meter.CreateCounter<long>("thimble.handshakes", "{handshake}", "TLS handshakes that ended.");

    /// <summary>How long they took, by the same.</summary>
    public static Histogram<double> HandshakeDuration { get; } = s_meter.CreateHistogram<double>("thimble.handshake.duration", "s", "How long TLS handshakes took.");

    /// <summary>Connections whose handshake is complete and that were not disposed of.</summary>
    public static UpDownCounter<long> ActiveConnections { get; } = s_meter.CreateUpDownCounter<long>("thimble.connections.active", "{connection}", "TLS connections that are open.");

    /// <summary>The memory of plans, images, seeds and sessions, which the garbage collector does not know of.</summary>
    public static ObservableUpDownCounter<long> Memory { get; } = s_meter.CreateObservableUpDownCounter("thimble.memory", static () => PlanBuffer.LiveBytes, "By", "Memory outside the garbage-collected heap.");

    /// <summary>Application data, by direction.</summary>
    public static Counter<long> Bytes { get; } = s_meter.CreateCounter<long>("thimble.bytes", "By", "Application data that was sent and received.");

    /// <summary>Records of all kinds, by direction.</summary>
    public static Counter<long> Records { get; } = s_meter.CreateCounter<long>("thimble.records", "{record}", "TLS records that were sent and received.");

    /// <summary>Connections that ended in a fault, by reason.</summary>
    public static Counter<long> Faults { get; } = s_meter.CreateCounter<long>("thimble.faults", "{fault}", "TLS connections that ended in a fault.");
}
