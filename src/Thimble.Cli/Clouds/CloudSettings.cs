using System;

namespace Thimble.Cli.Clouds;

/// <summary>What the flags of <c>pub</c> and <c>sub</c> say of a cloud.</summary>
internal sealed class CloudSettings
{
    /// <summary>The environment variable that holds a shared access key where no flag names a file.</summary>
    public const string SasKeyVariable = "THIMBLE_AZURE_DEVICE_KEY";

    /// <summary>An hour, as the cloud's own SDKs have it: short enough to lose, long enough for any handshake.</summary>
    public static readonly TimeSpan UsualTokenLifetime = TimeSpan.FromHours(1);

    public CloudPreset? Preset { get; set; }

    public string? IdScope { get; set; }

    public string? SasKeyFile { get; set; }

    /// <summary>The file of an enrollment group's key, of which <see cref="DerivedKey"/> is derived.</summary>
    public string? GroupKeyFile { get; set; }

    /// <summary>The device's key, where it was derived. It stays the owner's of these settings.</summary>
    public byte[]? DerivedKey { get; set; }

    public string? JwtKeyFile { get; set; }

    public TimeSpan? TokenLifetime { get; set; }

    /// <summary>The flag that makes no sense without a cloud, or null.</summary>
    public string? Stray => Preset is not null ? null
        : IdScope is not null ? "--id-scope"
        : SasKeyFile is not null ? "--sas-key"
        : JwtKeyFile is not null ? "--jwt-key"
        : TokenLifetime is not null ? "--token-lifetime"
        : null;
}
