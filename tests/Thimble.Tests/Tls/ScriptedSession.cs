namespace Thimble.Tests.Tls;

/// <summary>What a server of TLS 1.2 remembers, by its id or in a ticket.</summary>
internal sealed record ScriptedSession(ushort Suite, byte[] MasterSecret);
