namespace Thimble.Cli.Advise;

/// <summary>Who has to agree to a change of the profile: what is cheaper stands first.</summary>
internal enum Price
{
    /// <summary>Nobody: the connection does the same with more or smaller records, or without a feature that is ours alone.</summary>
    Ours,

    /// <summary>The server, or whoever makes the keys and certificates.</summary>
    Peers,

    /// <summary>Whoever answers for the product: protection is gone, or a whole service.</summary>
    Sacrifice,
}
