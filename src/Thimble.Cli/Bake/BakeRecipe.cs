using System;
using System.Collections.Generic;
using Thimble.Cli.Clouds;

namespace Thimble.Cli.Bake;

/// <summary>What an image is made from.</summary>
internal sealed record BakeRecipe
{
    /// <summary>The files of the certificates to trust.</summary>
    public required IReadOnlyList<string> AnchorFiles { get; init; }

    /// <summary>The files of the client's own certificate and those above it; PKCS#12 brings the key along.</summary>
    public required IReadOnlyList<string> CertificateFiles { get; init; }

    /// <summary>The file of its private key, where that is a file of its own.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Whether the private key is kept elsewhere, so that the image has its public part only.</summary>
    public bool KeyElsewhere { get; init; }

    /// <summary>Pins of keys.</summary>
    public IReadOnlyList<string> Pins { get; init; } = [];

    /// <summary>The cloud whose roots must be there.</summary>
    public CloudRoots? Cloud { get; init; }

    /// <summary>Whether an expired certificate of the client is a warning and no error.</summary>
    public bool AllowExpired { get; init; }

    /// <summary>What the certificates' dates are compared with.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// What the image says of when it was made: no honest clock is earlier. Where nothing is said it is the latest time at which one of its certificates
    /// begins, so that equal files make equal images.
    /// </summary>
    public DateTimeOffset? BakedAt { get; init; }

    /// <summary>What to do where a passphrase is wanted and nobody can be asked.</summary>
    public required string PassphraseAdvice { get; init; }
}
