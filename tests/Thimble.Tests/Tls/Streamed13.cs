using Thimble.Memory;

namespace Thimble.Tests.Tls;

/// <summary>Clients whose windows are smaller than what servers send.</summary>
internal static class Streamed13
{
    /// <summary>All of TLS 1.3, and an in window of 512 bytes.</summary>
    public static readonly Profile Windowed = Scripted13.Only13 with { InWindowBytes = 512 };
}
