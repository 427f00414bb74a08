using System;
using System.Globalization;
using System.Linq;
using Thimble.Memory;

namespace Thimble;

/// <summary>Turns the numbers of the protocols into the names that people use.</summary>
internal static class Words
{
    /// <summary>A day since 1970-01-01 as a date.</summary>
    public static string Date(uint daysSince1970) => daysSince1970 > 2_932_896
        ? $"day {daysSince1970}"
        : DateTime.UnixEpoch.AddDays(daysSince1970).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The certificate that a fault concerns.</summary>
    public static string Certificate(in Fault fault, FaultContext context)
    {
        string subject = fault.Depth < context.PeerChain.Count ? $" ('{PrintableText.Of(context.PeerChain[fault.Depth].Subject)}')" : "";
        return fault.Depth switch
        {
            Fault.NoDepth => "A certificate of the server's chain",
            0 => $"The server's own certificate{subject}",
            byte depth => $"The CA certificate at depth {depth}{subject}",
        };
    }

    /// <summary>The trust anchors, however many there are.</summary>
    public static string Anchors(FaultContext context) => context.AnchorNames.Count switch
    {
        0 => "none of your trust anchors fits",
        1 => $"your only trust anchor is '{context.AnchorNames[0]}'",
        <= 3 => "your trust anchors are " + string.Join(", ", context.AnchorNames.Select(name => $"'{name}'")),
        int count => $"none of your {count} trust anchors has that name",
    };

    /// <summary>The pins that are wanted and those of the keys that came, so that they can be compared.</summary>
    public static string Pins(FaultContext context)
    {
        string came = context.PeerChain.Count == 0 ? "" : " The server showed " + string.Join(", ", context.PeerChain.Select(certificate => $"'{PrintableText.Of(certificate.Subject)}' ({certificate.Pin})")) + ".";
        string wanted = context.Pins.Count switch
        {
            0 => "",
            <= 3 => "Pinned: " + string.Join(", ", context.Pins) + ".",
            int count => $"{count} keys are pinned, none of which came.",
        };
        return (wanted + came).Trim();
    }

    /// <summary>A TLS version by its name.</summary>
    public static string Version(uint version) => version switch
    {
        0x0002 => "SSL 2.0",
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        _ => $"version 0x{version:X4}",
    };

    /// <summary>A cipher suite by its name in the registry.</summary>
    public static string Suite(uint suite) => suite switch
    {
        0x00A8 => "TLS_PSK_WITH_AES_128_GCM_SHA256",
        0x00A9 => "TLS_PSK_WITH_AES_256_GCM_SHA384",
        0x1301 => "TLS_AES_128_GCM_SHA256",
        0x1302 => "TLS_AES_256_GCM_SHA384",
        0x1303 => "TLS_CHACHA20_POLY1305_SHA256",
        0x1304 => "TLS_AES_128_CCM_SHA256",
        0x1305 => "TLS_AES_128_CCM_8_SHA256",
        0xC02B => "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        0xC02C => "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        0xC02F => "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        0xC030 => "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        0xC0A4 => "TLS_PSK_WITH_AES_128_CCM",
        0xC0A8 => "TLS_PSK_WITH_AES_128_CCM_8",
        0xC0AC => "TLS_ECDHE_ECDSA_WITH_AES_128_CCM",
        0xC0AD => "TLS_ECDHE_ECDSA_WITH_AES_256_CCM",
        0xC0AE => "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8",
        0xC0AF => "TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8",
        0xCCA8 => "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        0xCCA9 => "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        0xCCAB => "TLS_PSK_WITH_CHACHA20_POLY1305_SHA256",
        0xCCAC => "TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256",
        0xD001 => "TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256",
        0xD002 => "TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384",
        0xD003 => "TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256",
        0xD005 => "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256",
        _ => $"suite 0x{suite:X4}",
    };

    /// <summary>A group by its name in the registry.</summary>
    public static string Group(uint group) => group switch
    {
        23 => "secp256r1",
        24 => "secp384r1",
        25 => "secp521r1",
        29 => "x25519",
        30 => "x448",
        _ => $"group {group}",
    };

    /// <summary>A signature algorithm of RFC 5246 §7.4.1.4.1 or RFC 8446 §4.2.3.</summary>
    public static string SignatureScheme(uint scheme) => scheme switch
    {
        0x0201 => "rsa_pkcs1_sha1",
        0x0203 => "ecdsa_sha1",
        0x0401 => "rsa_pkcs1_sha256",
        0x0501 => "rsa_pkcs1_sha384",
        0x0601 => "rsa_pkcs1_sha512",
        0x0403 => "ecdsa_secp256r1_sha256",
        0x0503 => "ecdsa_secp384r1_sha384",
        0x0603 => "ecdsa_secp521r1_sha512",
        0x0804 => "rsa_pss_rsae_sha256",
        0x0805 => "rsa_pss_rsae_sha384",
        0x0806 => "rsa_pss_rsae_sha512",
        0x0807 => "ed25519",
        _ => $"signature algorithm 0x{scheme:X4}",
    };

    /// <summary>A handshake message by its name in RFC 5246 §7.4.</summary>
    public static string HandshakeType(uint type) => type switch
    {
        0 => "HelloRequest",
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        8 => "EncryptedExtensions",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => "Finished",
        22 => "CertificateStatus",
        24 => "KeyUpdate",
        _ => $"handshake type {type}",
    };

    /// <summary>A record's content type by its name in RFC 5246 §6.2.1.</summary>
    public static string ContentType(uint type) => type switch
    {
        20 => "change_cipher_spec",
        21 => "alert",
        22 => "handshake",
        23 => "application_data",
        _ => $"content type {type}",
    };

    /// <summary>A hello extension by its name in the registry.</summary>
    public static string Extension(uint type) => type switch
    {
        0 => "server_name",
        1 => "max_fragment_length",
        5 => "status_request",
        10 => "supported_groups",
        11 => "ec_point_formats",
        13 => "signature_algorithms",
        16 => "application_layer_protocol_negotiation",
        22 => "encrypt_then_mac",
        23 => "extended_master_secret",
        28 => "record_size_limit",
        35 => "session_ticket",
        41 => "pre_shared_key",
        43 => "supported_versions",
        44 => "cookie",
        45 => "psk_key_exchange_modes",
        51 => "key_share",
        0xFF01 => "renegotiation_info",
        _ => $"extension {type}",
    };

    /// <summary>The bits of keyUsage by their names in RFC 5280 §4.2.1.3, bit 0 being the topmost of sixteen, as they come.</summary>
    public static string KeyUsage(uint bits)
    {
        string[] names = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly"];
        string text = string.Join(", ", names.Where((_, bit) => (bits & (0x8000u >> bit)) != 0));
        return text.Length > 0 ? text : "nothing";
    }
}
