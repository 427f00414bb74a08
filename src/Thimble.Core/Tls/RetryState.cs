namespace Thimble.Tls;

/// <summary>How far a HelloRetryRequest has come (RFC 8446 §4.1.4). There may be one in a connection.</summary>
internal enum RetryState : byte
{
    /// <summary>None came.</summary>
    None = 0,

    /// <summary>One came, and has not named another group.</summary>
    Asked,

    /// <summary>One came and named another group, for which a share must be made.</summary>
    AskedForGroup,

    /// <summary>The second ClientHello went out.</summary>
    Answered,
}
