namespace Thimble;

/// <summary>What the reader of a connection does next, without the client's lock.</summary>
internal enum MqttTurn
{
    /// <summary>Reads from the network.</summary>
    Read = 0,

    /// <summary>Waits until messages were taken or acknowledged.</summary>
    WaitForReader,

    /// <summary>Waits until what is owed could leave.</summary>
    WaitForWriter,

    /// <summary>Offers a large message to the sink.</summary>
    BeginLarge,

    /// <summary>Gives the sink a piece.</summary>
    WriteLarge,

    /// <summary>Tells the sink that all came.</summary>
    CommitLarge,

    /// <summary>Answers the broker's authentication.</summary>
    Authenticate,
}
