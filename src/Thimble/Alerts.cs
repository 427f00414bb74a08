using Thimble.Memory;

namespace Thimble;

/// <summary>The alerts of RFC 5246 §7.2, by name, and what a server usually means by them.</summary>
internal static class Alerts
{
    /// <summary>The alert's name in the registry, or its number.</summary>
    public static string Name(uint alert) => alert switch
    {
        0 => "close_notify",
        10 => "unexpected_message",
        20 => "bad_record_mac",
        21 => "decryption_failed",
        22 => "record_overflow",
        30 => "decompression_failure",
        40 => "handshake_failure",
        41 => "no_certificate",
        42 => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        60 => "export_restriction",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        109 => "missing_extension",
        110 => "unsupported_extension",
        111 => "certificate_unobtainable",
        112 => "unrecognized_name",
        113 => "bad_certificate_status_response",
        114 => "bad_certificate_hash_value",
        115 => "unknown_psk_identity",
        116 => "certificate_required",
        120 => "no_application_protocol",
        _ => $"alert {alert}",
    };

    /// <summary>What a server means when it sends <paramref name="alert"/>.</summary>
    public static FaultExplanation Explain(uint alert, Phase phase, FaultContext context) =>
        new($"The server ended the connection with the alert {Name(alert)} ({alert}).", Meaning(alert, phase, context));

    private static string Meaning(uint alert, Phase phase, FaultContext context) => alert switch
    {
        40 when phase is Phase.Hello or Phase.KeyShare13 => $"It accepts no suite, group or signature algorithm that the profile offers ({context.Profile.Suites}; {context.Profile.Groups}): 'thimble probe' shows what it does accept.",
        40 when !context.HasClientCertificate => "It wants a client certificate and got none (add --cert and --key), or it accepts no suite, group or signature algorithm that the profile offers.",
        40 => $"It accepts no suite, group or signature algorithm that the profile offers ({context.Profile.Suites}; {context.Profile.Groups}), or it rejects the client certificate.",
        42 or 43 or 46 => "It cannot use the client certificate: check that it is the right one, is meant for clients (extKeyUsage clientAuth) and is registered at the server.",
        44 => "It says that the client certificate was revoked: use another one.",
        45 => "It says that the client certificate has expired: renew it, and check the server's clock.",
        48 => "It does not know the authority that issued the client certificate: send the intermediate certificates too (--cert with the whole chain), or register the authority there.",
        49 => "It knows the client but denies access: check the policy that belongs to the client certificate.",
        51 => "A signature or Finished did not verify there: the client's key may not be its certificate's.",
        70 => "It speaks none of the offered versions of TLS: enable one there, or offer another (--tls).",
        71 => "It demands stronger suites than the profile offers: try --profile rsa4096-p384.",
        80 => "It failed inside, and its log should say why.",
        112 => $"It serves no host named '{context.ServerName}': check --servername.",
        116 => "It requires a client certificate: add --cert and --key.",
        120 => "It speaks none of the offered application protocols: check --alpn.",
        _ => "Its log should say more.",
    };
}
