namespace Thimble;

/// <summary>What a fleet's own memory comes to at a moment, all of it outside the garbage-collected heap.</summary>
/// <param name="Connections">How many connections have a slot.</param>
/// <param name="SlotBytes">What a connection keeps while it is idle, in bytes.</param>
/// <param name="SlabBytes">What all slots take, free ones too.</param>
/// <param name="Working">How many connections have a buffer at the moment, because something of theirs is in progress.</param>
/// <param name="WorkingBytes">What such a buffer takes, in bytes.</param>
public readonly record struct MqttFleetMemory(int Connections, int SlotBytes, long SlabBytes, int Working, int WorkingBytes);
