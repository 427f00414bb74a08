namespace Thimble;

/// <summary>What is to be done after a step of the <see cref="TlsEngine"/>, once its outgoing bytes are on their way.</summary>
internal enum EngineStep : byte
{
    /// <summary>The connection is over or not open: <see cref="TlsEngine.Failed"/> says why.</summary>
    Failed = 0,

    /// <summary>What was asked for is done.</summary>
    Done = 1,

    /// <summary>The same step again.</summary>
    Continue = 2,

    /// <summary>The same step again, when bytes of the server came or its side of the transport ended.</summary>
    NeedsInput = 3,

    /// <summary>The same step again, when the client's signer has spoken.</summary>
    NeedsSignature = 4,
}
