using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What a key exchange brings with it.</summary>
internal static class KeyExchanges
{
    /// <summary>Whether it wants the server's certificate. The suites of TLS 1.3 leave that open.</summary>
    public static bool IsCertified(KeyExchange exchange) => exchange is KeyExchange.EcdheEcdsa or KeyExchange.EcdheRsa;

    /// <summary>Whether it goes by a key that was shared beforehand.</summary>
    public static bool IsShared(KeyExchange exchange) =>
        Features.PreSharedKeys && exchange is (KeyExchange.Psk or KeyExchange.EcdhePsk);
}
