using Microsoft.Extensions.Logging;

namespace Thimble;

/// <summary>What a connection writes to the log: names and numbers, never a secret, nor what was said.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(1, LogLevel.Debug, "TLS handshake with {ServerName} begins.")]
    public static partial void HandshakeBegins(ILogger logger, string serverName);

    [LoggerMessage(2, LogLevel.Debug, "{Version} with {ServerName} after {Milliseconds:0.0} ms: {Suite}, {Group}, resumed: {Resumed}.")]
    public static partial void HandshakeComplete(ILogger logger, string version, string serverName, double milliseconds, string suite, string group, bool resumed);

    [LoggerMessage(3, LogLevel.Warning, "TLS handshake with {ServerName} ended after {Milliseconds:0.0} ms with {Result}: {Explanation}")]
    public static partial void HandshakeFailed(ILogger logger, string serverName, double milliseconds, string result, string explanation);

    [LoggerMessage(4, LogLevel.Warning, "TLS connection to {ServerName} ended with {Reason}: {Explanation}")]
    public static partial void ConnectionFailed(ILogger logger, string serverName, string reason, string explanation);

    [LoggerMessage(5, LogLevel.Debug, "TLS connection to {ServerName} is disposed of.")]
    public static partial void ConnectionDisposed(ILogger logger, string serverName);
}
