namespace Thimble.Bench.Many;

/// <summary>What one process measured with so many connections. Bytes are per connection, and differences to the same process before they were made.</summary>
/// <param name="Kind">What the connections are made of.</param>
/// <param name="Connections">How many there were.</param>
/// <param name="ConnectSeconds">How long it took to make them.</param>
/// <param name="IdleBytes">Private memory when all had been idle for a while.</param>
/// <param name="FurtherBytes">The same from a tenth of the connections on: what is there once, however many they are, is not in it.</param>
/// <param name="IdleHeapBytes">Of the former, objects on the garbage-collected heap.</param>
/// <param name="CommittedHeapBytes">What that heap has of the system for them.</param>
/// <param name="SlotBytes">Of it, the slot in the slab; 0 where there is none.</param>
/// <param name="Messages">How many messages went out and came back.</param>
/// <param name="MessageSeconds">How long that took.</param>
/// <param name="AfterBytes">Private memory behind them.</param>
/// <param name="WorkingBuffers">How many working buffers were lent while all were idle.</param>
internal sealed record ManyResult(
    string Kind, int Connections, double ConnectSeconds, double IdleBytes, double FurtherBytes, double IdleHeapBytes,
    double CommittedHeapBytes, int SlotBytes, int Messages, double MessageSeconds, double AfterBytes, int WorkingBuffers);
