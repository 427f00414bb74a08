using System;
using System.Threading.Tasks;

namespace Thimble.Bench.Many;

/// <summary>Connections of one kind, which are made, speak and end one by one.</summary>
internal interface IClients : IAsyncDisposable
{
    /// <summary>What of a connection lies in a slab, in bytes.</summary>
    int SlotBytes => 0;

    /// <summary>How many connections have a buffer of their own at the moment.</summary>
    int WorkingBuffers => 0;

    /// <summary>Connects a device and subscribes to its own topic.</summary>
    Task ConnectAsync(int device);

    /// <summary>Publishes to that topic and waits until the message is back. False where this kind cannot speak.</summary>
    Task<bool> EchoAsync(int device);

    /// <summary>Ends a device's connection.</summary>
    ValueTask CloseAsync(int device);
}
