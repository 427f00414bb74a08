namespace Thimble.Memory;

/// <summary>
/// What a build contains. Everything is in, and the long multiply out, unless the build says otherwise: the linker of
/// .NET (a trimmed host) or the device's compiler then replaces the property by a constant (<c>ILLink.Substitutions.xml</c>),
/// and all code behind it is gone. The assembly stays the same file. Set one as <c>Thimble.P384=false</c>.
/// </summary>
/// <remarks>
/// A profile may ask for no more than the build contains; what it asks for beyond that is
/// <see cref="FaultReason.NotInThisBuild"/> before anything runs.
/// </remarks>
public static class Features
{
    /// <summary>TLS 1.2 (RFC 5246).</summary>
    public static bool Tls12 => true;

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    public static bool Tls13 => true;

    /// <summary>Sessions that are resumed, and keys that were shared beforehand (RFC 8446 §2.2, RFC 5077, RFC 4279).</summary>
    public static bool PreSharedKeys => true;

    /// <summary>AES-128-GCM and AES-256-GCM (SP 800-38D).</summary>
    public static bool AesGcm => true;

    /// <summary>ChaCha20-Poly1305 (RFC 8439).</summary>
    public static bool ChaCha20Poly1305 => true;

    /// <summary>AES-CCM with tags of 16 and of 8 bytes (SP 800-38C, RFC 6655).</summary>
    public static bool AesCcm => true;

    /// <summary>SHA-384 and SHA-512 (FIPS 180-4), and with them the suites and signatures that use them.</summary>
    public static bool Sha512 => true;

    /// <summary>The curve P-256 (SP 800-186), for key agreement and for signatures.</summary>
    public static bool P256 => true;

    /// <summary>The curve P-384 (SP 800-186), for key agreement and for signatures.</summary>
    public static bool P384 => true;

    /// <summary>The curve P-521 (SP 800-186), for signatures of servers and authorities.</summary>
    public static bool P521 => true;

    /// <summary>Key agreement with X25519 (RFC 7748).</summary>
    public static bool X25519 => true;

    /// <summary>Signatures with Ed25519 (RFC 8032), the client's own ones too. They need <see cref="Sha512"/>.</summary>
    public static bool Ed25519 => true;

    /// <summary>Stapled certificate status (RFC 6066 §8, RFC 6960), and SHA-1 with it.</summary>
    public static bool StapledStatus => true;

    /// <summary>Servers that are known by the hash of a key in their chain (RFC 7469 §2.4). Without it a ROM image that holds such pins is refused.</summary>
    public static bool PinnedKeys => true;

    /// <summary>RSA signatures of servers and authorities (RFC 8017).</summary>
    public static bool RsaVerify => true;

    /// <summary>RSA signatures with the client's own key.</summary>
    public static bool RsaSign => true;

    /// <summary>Keying material for protocols above (RFC 5705, RFC 8446 §7.5).</summary>
    public static bool Exporters => true;

    /// <summary>Whether a host may ask for the secrets of its connections (<see cref="Tls.TlsConfig.KeyLog"/>).</summary>
    public static bool KeyLog => true;

    /// <summary>MQTT 5. Without it a session speaks MQTT 3.1.1.</summary>
    public static bool Mqtt5 => true;

    /// <summary>QoS 1 and 2 in MQTT, both ways, and sessions that outlive a connection. Without it every message has QoS 0.</summary>
    public static bool MqttQos => true;

    /// <summary>A will in MQTT's CONNECT. Without it one is an invalid argument.</summary>
    public static bool MqttWill => true;

    /// <summary>
    /// Whether secrets may pass through the 32-bit machine's long multiply. Its time depends on its operands on a
    /// Cortex-M3 (RULES 26); on cores where it does not (Cortex-M4, M7, M33) this costs nothing and saves a third.
    /// </summary>
    public static bool LongMultiply => false;
}
