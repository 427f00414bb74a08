using System;
using System.Collections.Generic;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// What is known of a fault beyond the moment in which it happened: its usual causes, and what to do next. <see cref="FaultExplanation"/> tells with the values at
/// hand what happened; this tells what to think of. <c>thimble explain</c> and docs/faults.md print the same articles.
/// </summary>
/// <param name="Causes">The usual causes, the most frequent first.</param>
/// <param name="NextSteps">What to do or to run, in order. <c>HOST:PORT</c> stands for the server.</param>
public sealed record FaultArticle(IReadOnlyList<string> Causes, IReadOnlyList<string> NextSteps)
{
    /// <summary>The article of a fault.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such fault.</exception>
    public static FaultArticle Of(FaultReason reason) =>
        ConfigurationArticles.Of(reason)
        ?? CertificateArticles.Of(reason)
        ?? StatusArticles.Of(reason)
        ?? TlsArticles.Of(reason)
        ?? MqttArticles.Of(reason)
        ?? NetworkArticles.Of(reason)
        ?? throw new ArgumentOutOfRangeException(nameof(reason), reason, "There is no such fault.");

    /// <summary>The article of an alert of TLS that a server sent (RFC 8446 §6, RFC 5246 §7.2).</summary>
    public static FaultArticle OfAlert(byte alert) => AlertArticles.Of(alert);

    /// <summary>The article of a reason code by which a broker of MQTT 5 complains (§2.4).</summary>
    public static FaultArticle OfReasonCode(MqttReasonCode reason) => MqttReasonArticles.Of(reason);
}
