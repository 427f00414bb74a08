using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Which extensions ClientHello offered, and which of the server's messages may answer them (the table of RFC 8446 §4.2).</summary>
internal static class ExtensionRules
{
    /// <summary>Whether the server may speak of the extension at all.</summary>
    public static bool IsOffered(scoped in Connection connection, ExtensionType type)
    {
        switch (type)
        {
            case ExtensionType.ServerName:
                return ServerName.IsDnsName(connection.Config.ServerName);
            case ExtensionType.MaxFragmentLength:
                return ClientHello.MaxFragmentLengthCode(connection.Config.Profile) != 0;
            case ExtensionType.RecordSizeLimit:
                return RecordSizeLimit.Offered(connection.Config.Profile) != 0;
            case ExtensionType.StatusRequest:
                return connection.OffersStatus;
            case ExtensionType.ApplicationLayerProtocolNegotiation:
                return !connection.Config.Alpn.IsEmpty;
            case ExtensionType.SupportedGroups:
                return SuiteOffer.WantsGroups(connection);
            case ExtensionType.EcPointFormats:
                return connection.Offers12 && SuiteOffer.WantsGroups(connection);
            case ExtensionType.ExtendedMasterSecret:
            case ExtensionType.RenegotiationInfo:
                return connection.Offers12;
            case ExtensionType.SessionTicket:
                return Resumption12.TakesTickets(connection);
            case ExtensionType.SupportedVersions:
                return connection.Offers13;
            case ExtensionType.KeyShare:
                return connection.Offers13 && ClientHello.OffersGroups(connection.Config.Profile);
            case ExtensionType.PreSharedKey:
                return Features.Tls13 && Features.PreSharedKeys && PreSharedKey13.IsOffered(connection);
            case ExtensionType.PskKeyExchangeModes:
                return connection.Is13 && Features.PreSharedKeys && PreSharedKey13.SendsModes(connection);
            case ExtensionType.SignatureAlgorithms:
                return connection.Is13;
            case ExtensionType.Cookie:
                return connection.Is13 && connection.State.MessageType == HandshakeType.ServerHello; // HelloRetryRequest may send it unasked (§4.2.2)
            default:
                return false;
        }
    }

    /// <summary>Whether the message that is being read may carry the extension.</summary>
    public static bool MayStandIn(scoped in Connection connection, ExtensionType type)
    {
        bool hello = connection.State.MessageType == HandshakeType.ServerHello;
        switch (type)
        {
            case ExtensionType.EcPointFormats:
            case ExtensionType.ExtendedMasterSecret:
            case ExtensionType.RenegotiationInfo:
            case ExtensionType.SessionTicket:
            case ExtensionType.StatusRequest: // in TLS 1.3 it stands with the certificate
                return !connection.Is13;
            case ExtensionType.SupportedVersions:
            case ExtensionType.KeyShare:
                return connection.Is13 && hello;
            case ExtensionType.PreSharedKey:
                return connection.Is13 && hello && !HelloRetry.IsBeingRead(connection);
            case ExtensionType.Cookie:
                return HelloRetry.IsBeingRead(connection);
            case ExtensionType.SignatureAlgorithms:
            case ExtensionType.PskKeyExchangeModes:
                return false;
            default:
                return !(connection.Is13 && hello);
        }
    }

    /// <summary>The extension's bit in <see cref="ConnectionState.Seen"/>.</summary>
    public static int PositionOf(ExtensionType type)
    {
        switch (type)
        {
            case ExtensionType.ServerName: return 0;
            case ExtensionType.MaxFragmentLength: return 1;
            case ExtensionType.SupportedGroups: return 2;
            case ExtensionType.EcPointFormats: return 3;
            case ExtensionType.ApplicationLayerProtocolNegotiation: return 4;
            case ExtensionType.ExtendedMasterSecret: return 5;
            case ExtensionType.RenegotiationInfo: return 6;
            case ExtensionType.SupportedVersions: return 7;
            case ExtensionType.KeyShare: return 8;
            case ExtensionType.PreSharedKey: return 10;
            case ExtensionType.SessionTicket: return 12;
            case ExtensionType.RecordSizeLimit: return 16;
            case ExtensionType.StatusRequest: return 20;
            default: return 9;
        }
    }
}
