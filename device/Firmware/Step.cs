namespace Thimble.Firmware;

/// <summary>What the device is doing, in the order in which it does it. Any loss leads to <see cref="Leave"/>, and from there back.</summary>
internal enum Step : byte
{
    /// <summary>Waiting for an address of DHCP.</summary>
    Address = 0,

    /// <summary>Asking for the broker's address.</summary>
    Name,

    /// <summary>Asking for the time, without which no certificate can be judged.</summary>
    Time,

    /// <summary>Opening the TCP connection.</summary>
    Connect,

    /// <summary>Shaking hands (TLS).</summary>
    Handshake,

    /// <summary>Introducing itself to the broker (MQTT CONNECT).</summary>
    Introduce,

    /// <summary>Subscribing to its commands.</summary>
    Subscribe,

    /// <summary>Publishing readings and answering commands.</summary>
    Run,

    /// <summary>Letting the last bytes out, an alert or a farewell, before the connection is given up.</summary>
    Leave,

    /// <summary>Pausing before the next attempt.</summary>
    Pause,

    /// <summary>Told to stop, and done.</summary>
    Stopped,
}
