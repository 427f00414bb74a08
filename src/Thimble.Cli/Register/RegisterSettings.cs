using System;
using System.Security.Cryptography;
using Thimble.Cli.Clouds;
using Thimble.Cli.PubSub;

namespace Thimble.Cli.Register;

/// <summary>What <c>register</c> was asked for: a connection as <c>pub</c> makes it, and what goes over it.</summary>
internal sealed class RegisterSettings : ClientSettings, IDisposable
{
    /// <summary>Longer than that nobody waits for a registration; and it is well within the life of a token.</summary>
    public const int MostSeconds = 600;

    /// <summary>What Microsoft's SDK for C waits.</summary>
    public const int UsualSeconds = 60;

    /// <summary>JSON for a custom allocation policy, or null.</summary>
    public string? PayloadFile { get; init; }

    /// <summary>Where the derived key goes, or null.</summary>
    public string? SavedKeyFile { get; init; }

    /// <summary>Where the defaults for <c>pub</c> and <c>sub</c> go, or null.</summary>
    public string? SavedDefaultsFile { get; init; }

    /// <summary>Whether files that are there may be replaced.</summary>
    public bool Force { get; init; }

    public required TimeSpan Timeout { get; init; }

    /// <summary>Derives the device's key from that of its group, once: the file may be a pipe.</summary>
    /// <exception cref="ThimbleException">The file holds no key.</exception>
    public void DeriveKey()
    {
        try
        {
            Cloud.DerivedKey = Cloud.GroupKeyFile is { } file ? GroupKey.Derive(SharedAccessKey.OfFile(file, "--group-key"), ClientId) : null;
        }
        catch (UsageException e)
        {
            throw new ThimbleException(e.Message, e);
        }
    }

    /// <summary>Wipes what <see cref="DeriveKey"/> made.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(Cloud.DerivedKey);

    public override void AddTopic(string flag, string topic) => throw new UsageException($"{flag} names a topic, and registering has its own.");

    public override void Check()
    {
        base.Check();
        Refuse(Cloud.GroupKeyFile is not null && Cloud.SasKeyFile is not null, "--group-key and --sas-key both make the device's key: give one of them.");
        Refuse(SavedKeyFile is not null && Cloud.GroupKeyFile is null, "--save-key saves the key that is derived from --group-key: give that too.");
    }
}
