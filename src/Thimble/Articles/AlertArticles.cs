namespace Thimble;

/// <summary>The articles of alerts: what a server that sends one usually means.</summary>
internal static class AlertArticles
{
    private const string Probe = "thimble probe HOST:PORT";
    private const string Log = "Look into the server's log: it tells more than the alert.";
    private const string ShowClient = "openssl x509 -in CERT -noout -text";
    private const string CheckClient = "thimble bake --cert CERT --key KEY --cafile FILE -o image.bin";

    public static FaultArticle Of(byte alert) => Handshake(alert) ?? Credentials(alert) ?? Protocol(alert) ?? new(
        ["No standard gives this alert a meaning, or it is of the years before TLS 1.2."],
        [Log, Probe]);

    private static FaultArticle? Handshake(byte alert) => alert switch
    {
        0 => new(
            ["The server ended the connection in good order: close_notify is no error."],
            ["If it came too early, look into the server's log."]),
        40 => new(
            ["The suites that were offered are for a kind of certificate that the server does not have: ECDHE_ECDSA suites fail at a server with an RSA certificate, whatever its vendor says it supports.", "The server wants a client certificate and got none, or one that it does not know.", "No group, version or signature algorithm is common to both.", "The server has no certificate for the name that was asked for (SNI)."],
            [Probe, "thimble connect HOST:PORT --cafile FILE --profile general", Log]),
        70 => new(
            ["The server speaks TLS 1.3 only and TLS 1.2 was offered, or the other way round."],
            [Probe, "thimble connect HOST:PORT --cafile FILE --tls 1.2,1.3"]),
        71 => new(
            ["The server demands stronger suites or keys than were offered: AES-256 or P-384, say."],
            [Probe, "thimble connect HOST:PORT --cafile FILE --profile rsa4096-p384"]),
        86 => new(
            ["A client fell back to an older version; Thimble never does, so something in between did."],
            ["Do not trust this network.", Probe]),
        112 => new(
            ["The server serves no host of that name."],
            ["Check --servername, and that the DNS name belongs to this server.", Probe]),
        120 => new(
            ["The server speaks none of the application protocols that were offered: clouds want theirs at port 443, such as x-amzn-mqtt-ca."],
            [Probe, "Check --alpn; leave it out at port 8883."]),
        _ => null,
    };

    private static FaultArticle? Credentials(byte alert) => alert switch
    {
        41 or 116 => new(
            ["The server requires a client certificate, and got none."],
            ["thimble connect HOST:PORT --cafile FILE --cert CERT --key KEY", Probe]),
        42 or 43 or 46 => new(
            ["The client certificate is not registered or not active at the cloud.", "It is no certificate for clients: extKeyUsage lacks clientAuth.", "The server does not take its kind of key.", "The server cannot find the authority that issued it."],
            [ShowClient, CheckClient, Log]),
        44 => new(
            ["The client certificate was revoked."],
            ["Use another one.", Log]),
        45 => new(
            ["The client certificate has expired.", "The server's clock is wrong.", "A server that restarted keeps an old revocation list or an expired authority."],
            [ShowClient, "Renew it."]),
        48 => new(
            ["The server does not know the authority that issued the client certificate.", "The intermediate certificate was not sent along: --cert wants the whole chain in one file.", "Some servers say so of their own authorities, too."],
            [CheckClient, "Register the authority at the server.", Log]),
        49 => new(
            ["The certificate is known, and its policy does not allow this: AWS IoT policies name client identifiers and topics."],
            ["Check the policy.", Log]),
        51 => new(
            ["The client signed with a key that is not its certificate's.", "The server could not verify Finished: one end has a bug."],
            [CheckClient]),
        115 => new(
            ["The server does not know the identity of the shared key."],
            ["Compare the identity at both ends, byte by byte."]),
        _ => null,
    };

    private static FaultArticle? Protocol(byte alert) => alert switch
    {
        10 or 47 or 50 or 100 or 109 or 110 => new(
            ["The server did not understand what Thimble sent: one of both has a bug.", "A proxy in between does not know TLS 1.3 or an extension."],
            [Probe, "thimble connect HOST:PORT --cafile FILE --tls 1.2", "If other clients work, please report it with the output of --json."]),
        20 or 21 or 22 or 30 => new(
            ["Bytes were changed on the way.", "Both ends derived other keys, because one has a bug.", "The server takes smaller records than were sent: lower the out window."],
            ["Connect again: a chance error does not come back.", "thimble plan --out-window 512"]),
        80 => new(
            ["Something failed inside the server: its key cannot be read, its memory or its back end is exhausted.", "The server hits a bug of its own with an offer that it has not met."],
            [Log, Probe]),
        90 => new(
            ["Somebody at the server ended the handshake on purpose; nothing is wrong with it."],
            ["Try again."]),
        111 or 113 or 114 => new(
            ["The server dislikes a status or a certificate's address that the client sent; Thimble sends neither."],
            [Log, Probe]),
        _ => null,
    };
}
