using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Counts what costs the peer nothing and us some work (RULES 20): warnings, HelloRequests, empty records.</summary>
internal static class Flood
{
    /// <summary>How many may come in a row.</summary>
    public const byte Limit = 16;

    /// <summary>One more; a fault when there were too many.</summary>
    public static bool Count(scoped in Connection connection)
    {
        connection.State.IdleEvents++;
        return connection.State.IdleEvents <= Limit || connection.Fail(FaultReason.Flood, Limit, connection.State.IdleEvents);
    }

    /// <summary>Something useful came: the row is broken.</summary>
    public static void Reset(scoped in Connection connection) => connection.State.IdleEvents = 0;
}
