using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The suites of ClientHello: those of the profile for which the user gave a trust anchor or a shared key.</summary>
internal static class SuiteOffer
{
    /// <summary>The suite's number in the order of preference, or 0 where it is not offered.</summary>
    public static ushort At(scoped in Connection connection, int preference)
    {
        ushort number = CipherSuite.Offered(connection.Config.Profile, preference);
        return IsServed(connection, CipherSuite.KeyExchangeOf(number)) ? number : (ushort)0;
    }

    /// <summary>Whether the suite of that number is offered.</summary>
    public static bool Includes(scoped in Connection connection, ushort number) =>
        CipherSuite.IsOffered(connection.Config.Profile, number) && IsServed(connection, CipherSuite.KeyExchangeOf(number));

    /// <summary>Whether a suite is offered whose server signs: then signature_algorithms is due.</summary>
    public static bool WantsSignatures(scoped in Connection connection) =>
        Has(connection, KeyExchange.Negotiated) || Has(connection, KeyExchange.EcdheEcdsa) || Has(connection, KeyExchange.EcdheRsa);

    /// <summary>Whether a suite is offered that agrees on a secret: then supported_groups is due.</summary>
    public static bool WantsGroups(scoped in Connection connection) => WantsSignatures(connection) || Has(connection, KeyExchange.EcdhePsk);

    /// <summary>Whether the user gives a key that was shared beforehand, and the profile lets it be used.</summary>
    public static bool HasSharedKey(scoped in Connection connection) =>
        Features.PreSharedKeys && connection.Config.Profile.PskModes != PskModes.None && !connection.Config.PreSharedKey.IsEmpty;

    private static bool Has(scoped in Connection connection, KeyExchange exchange) =>
        CipherSuite.Offers(connection.Config.Profile, exchange) && IsServed(connection, exchange);

    private static bool IsServed(scoped in Connection connection, KeyExchange exchange)
    {
        switch (exchange)
        {
            case KeyExchange.EcdheEcdsa or KeyExchange.EcdheRsa:
                return connection.Rom.HasTrust;
            case KeyExchange.Psk or KeyExchange.EcdhePsk:
                return HasSharedKey(connection);
            default:
                return true;
        }
    }
}
