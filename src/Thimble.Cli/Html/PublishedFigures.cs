using System.Collections.Generic;
using Thimble.Memory;

namespace Thimble.Cli.Html;

/// <summary>
/// What other libraries take: for the same handshakes as it was measured (docs/budgets.md), and as their makers and users publish it. Ours are planned
/// again here; the stacks beside them are those that the replay in QEMU painted (docs/budgets.md).
/// </summary>
internal static class PublishedFigures
{
    /// <summary>What the table is, to be said wherever its figures are shown.</summary>
    public const string Source =
        "Source: docs/budgets.md, \"What other libraries take\". Each was measured on a Cortex-M3 build for the same handshake: heap or contexts, static memory and the deepest stack. "
        + "Thimble's plan is computed by this program for a 32-bit machine; its stack was painted in a replay of that handshake in QEMU.";

    private const string Split = "heap or contexts and static, and stack";
    private const string Whole = "all in one figure";

    /// <summary>The scenarios with their bars, ours first.</summary>
    public static IReadOnlyList<(string Scenario, IReadOnlyList<Published> Figures)> All =>
    [
        ("TLS 1.2: four RSA-2048 certificates, ECDHE P-256, AES-128-GCM, EC P-256 client key",
        [
            Ours(Profiles.Rsa2048.Profile, TlsVersions.Tls12, CipherSuites.EcdheRsaAes128GcmSha256, 1_076),
            new("BearSSL 0.6", 7_336, 11_356 - 7_336, Split),
            new("wolfSSL 5.9", 14_936, 16_052 - 14_936, Split),
            new("Mbed TLS 3.6.7", 19_276, 20_500 - 19_276, Split + ", its tightest configuration"),
        ]),
        ("TLS 1.3: the same chain and keys",
        [
            Ours(Profiles.Rsa2048.Profile, TlsVersions.Tls13, CipherSuites.Aes128GcmSha256, 1_144),
            new("wolfSSL 5.9", 19_316, 0, Whole),
            new("Mbed TLS 3.6.7", 29_120, 0, Whole + "; it must keep the chain"),
        ]),
        ("TLS 1.2: everything ECDSA P-256",
        [
            Ours(Profiles.Ecdsa.Profile, TlsVersions.Tls12, CipherSuites.EcdheEcdsaAes128GcmSha256, 0),
            new("Mbed TLS \"baremetal\" of 2021", 7_964, 0, Whole + ", EC only"),
            new("BearSSL 0.6", 10_912, 0, Whole),
            new("wolfSSL 5.9 without RSA", 11_652, 0, Whole),
        ]),
    ];

    /// <summary>What is said elsewhere, of other handshakes and machines.</summary>
    public static IReadOnlyList<Statement> Statements =>
    [
        new("BearSSL", "25 kilobytes of RAM", "a minimal server", "bearssl.org"),
        new("wolfSSL", "35 kB; between 5 and 50 kB", "one connection with buffers of 16 kB; in general", "wolfssl.com/wolfssl-build-sizes"),
        new("Mbed TLS", "at least 38,000 bytes", "a static heap for one MQTT connection, with records of 16 kB in and 2 kB out: an engineer with an LPC1769 in mind", "forums.mbed.com/t/allocation-requirements-during-handshake/4610"),
        new("Mbed TLS", "about 30 kB of heap", "a connection to AWS IoT on an ESP8266, with records of 3,048 bytes", "github.com/espressif/ESP8266_RTOS_SDK/issues/93"),
    ];

    private static Published Ours(in Profile profile, TlsVersions version, CipherSuites suite, int stackBytes)
    {
        Profile scenario = profile with { Versions = version, Suites = suite, ClientEcdsaBits = 256 };
        return new Published("Thimble", MemoryPlan.For(scenario, 32).TotalBytes, stackBytes, stackBytes == 0 ? "the plan; the stack was not replayed for this one" : "plan, and stack");
    }
}
