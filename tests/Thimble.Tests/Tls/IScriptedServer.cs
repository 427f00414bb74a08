using System;

namespace Thimble.Tests.Tls;

/// <summary>A server in memory: client bytes in, server bytes out.</summary>
internal interface IScriptedServer
{
    /// <summary>Takes what the client sent and gives what the server says to it.</summary>
    byte[] Answer(ReadOnlySpan<byte> fromClient);
}
