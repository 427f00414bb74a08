using System;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Clouds;

/// <summary>
/// The passwords of a client that proves itself by tokens: each connection gets a fresh one, and the client connects again when four fifths of its time are over, since
/// clouds close connections whose token has expired. Owns the key.
/// </summary>
internal sealed class CloudTokens(ITokenMaker maker, TimeSpan lifetime, TimeProvider time) : IDisposable
{
    /// <summary>For a key on the command line; null where the client proves itself in another way.</summary>
    /// <exception cref="CredentialException">The file of the key cannot be used.</exception>
    /// <exception cref="UsageException">The key cannot be used.</exception>
    public static CloudTokens? Open(CloudConnection connection, CloudSettings settings)
    {
        ITokenMaker? maker =
            connection.Given.HasFlag(CloudCredentials.SasToken) ? new SasToken(connection.TokenResource, connection.Preset.TokenPolicy, ReadKey(settings))
            : connection.Given.HasFlag(CloudCredentials.JsonWebToken) ? new JsonWebToken(PrivateKeyFile.Read(settings.JwtKeyFile!), connection.Audience)
            : null;
        return maker is null ? null : new CloudTokens(maker, connection.TokenLifetime, TimeProvider.System);
    }

    /// <summary>The password of one connection.</summary>
    public ValueTask<MqttPassword> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(new MqttPassword(maker.Make(time.GetUtcNow(), lifetime)) { RenewAfter = lifetime * 0.8 });
    }

    public void Dispose() => maker.Dispose();

    private static byte[] ReadKey(CloudSettings settings) =>
        settings.DerivedKey is { } derived ? [.. derived]
        : settings.SasKeyFile is { } path ? SharedAccessKey.OfFile(path, "--sas-key")
        : SharedAccessKey.OfVariable(CloudSettings.SasKeyVariable);
}
