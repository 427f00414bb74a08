using System;

namespace Thimble.Cli.Clouds;

/// <summary>The ways in which a client can prove to a cloud who it is.</summary>
[Flags]
internal enum CloudCredentials
{
    None = 0,

    /// <summary>A certificate in the handshake: <c>--cert</c> and <c>--key</c>.</summary>
    Certificate = 1,

    /// <summary>A shared access signature as the password: made of the key of <c>--sas-key</c>, or given ready as a password.</summary>
    SasToken = 2,

    /// <summary>A JSON Web Token as the password (RFC 7519): made of the key of <c>--jwt-key</c>, or given ready.</summary>
    JsonWebToken = 4,

    /// <summary>A user name and a password that stay.</summary>
    Password = 8,
}
