namespace Thimble;

/// <summary>Where an <see cref="OutgoingMessage"/> is.</summary>
internal enum OutgoingState
{
    /// <summary>In the pool.</summary>
    Free = 0,

    /// <summary>Waits to be let into the queue; its payload still lies in its publisher's memory.</summary>
    Waiting = 1,

    /// <summary>In the queue.</summary>
    Queued = 2,

    /// <summary>Being written, in pieces.</summary>
    Partial = 3,

    /// <summary>Written, and not acknowledged.</summary>
    InFlight = 4,

    /// <summary>Of QoS 2: the broker has it, and its exchange is not over.</summary>
    Received = 5,
}
