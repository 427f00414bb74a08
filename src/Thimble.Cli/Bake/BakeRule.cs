using System.Collections.Generic;

namespace Thimble.Cli.Bake;

/// <summary>One of the checks on the way to an image: the same in the tool and in the source generator.</summary>
/// <param name="Id">How it is suppressed.</param>
/// <param name="Title">What it is about.</param>
/// <param name="IsError">Whether there is no image where it does not hold.</param>
internal sealed record BakeRule(string Id, string Title, bool IsError)
{
    public static BakeRule Unusable { get; } = new("THIMBLE001", "A file of certificates or keys cannot be used", true);

    public static BakeRule KeyMismatch { get; } = new("THIMBLE002", "The private key is not that of the certificate", true);

    public static BakeRule Expired { get; } = new("THIMBLE003", "A certificate has expired", true);

    public static BakeRule ExpiresSoon { get; } = new("THIMBLE004", "A certificate expires soon, has expired, or is not valid yet", false);

    public static BakeRule ChainMended { get; } = new("THIMBLE005", "The certificates of a chain were put in order", false);

    public static BakeRule LeftOut { get; } = new("THIMBLE006", "Something in a file was left out of the image", false);

    public static BakeRule CloudRootMissing { get; } = new("THIMBLE007", "The root that a cloud needs is missing", true);

    public static BakeRule CloudRootDoubtful { get; } = new("THIMBLE008", "The root that a cloud probably needs is missing", false);

    public static BakeRule KeyInSourceControl { get; } = new("THIMBLE009", "A private key lies in source control", false);

    public static BakeRule KeyReadable { get; } = new("THIMBLE010", "A private key can be read by others", false);

    public static BakeRule Purpose { get; } = new("THIMBLE011", "A certificate is not meant for a TLS client", false);

    public static BakeRule KeyEncrypted { get; } = new("THIMBLE012", "The private key does not open", true);

    public static BakeRule Incomplete { get; } = new("THIMBLE013", "What to bake is not said completely", true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BakeRule> All { get; } =
        [Unusable, KeyMismatch, Expired, ExpiresSoon, ChainMended, LeftOut, CloudRootMissing, CloudRootDoubtful, KeyInSourceControl, KeyReadable, Purpose, KeyEncrypted, Incomplete];
}
