using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// record_size_limit (RFC 8449): what our window takes, and what the server's does. It is asked for beside
/// max_fragment_length, which servers that know it ignore then. Nothing relies on it: until a server echoes it, records
/// of any legal size pass; one that does and sends more is at fault.
/// </summary>
internal static class RecordSizeLimit
{
    /// <summary>No endpoint may ask for less (RFC 8449 §4).</summary>
    private const int MinBytes = 64;

    /// <summary>The limit that we ask for, or 0 where the window takes all. In TLS 1.3 it counts the type behind the content, and TLS 1.2 has none.</summary>
    public static ushort Offered(in Profile profile)
    {
        int window = profile.InWindowBytes + (profile.Offers(TlsVersions.Tls12) ? 0 : 1);
        return profile.InWindowBytes < RecordHeader.MaxContentBytes ? (ushort)int.Max(window, MinBytes) : (ushort)0;
    }

    /// <summary>The server echoes the extension with a limit of its own, which may be larger than any record (RFC 8449 §4).</summary>
    public static bool Accept(scoped in Connection connection, uint bytes)
    {
        if (bytes < MinBytes)
        {
            return connection.Fail(FaultReason.RecordSizeLimitTooSmall, MinBytes, bytes);
        }

        connection.Set(ConnectionFlags.RecordSizeLimited);
        ServerExtensions.LimitRecords(connection, bytes - (connection.Is13 ? 1u : 0));
        return true;
    }

    /// <summary>RFC 8449 §5: a server that knows this extension does not answer the other one.</summary>
    public static bool StandsAlone(scoped in Connection connection)
    {
        bool both = ServerExtensions.Saw(connection, ExtensionType.RecordSizeLimit) && ServerExtensions.Saw(connection, ExtensionType.MaxFragmentLength);
        return !both || connection.Fail(FaultReason.TwoRecordLimits);
    }

    /// <summary>Whether the server keeps to what it echoed: with so many bytes under its seal, in TLS 1.3 type and padding included.</summary>
    public static bool Allows(scoped in Connection connection, int sealedBytes) =>
        !connection.Is(ConnectionFlags.RecordSizeLimited) || sealedBytes <= Offered(connection.Config.Profile);
}
