using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Bake;

/// <summary>Opens PKCS#12 containers (RFC 7292), which Windows calls PFX.</summary>
internal static class Pkcs12File
{
    public static bool Is(CredentialFile file)
    {
        if (file.IsPem)
        {
            return false;
        }

        try
        {
            return X509Certificate2.GetCertContentType(file.Bytes) == X509ContentType.Pkcs12;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The client in the container. It is tried without a passphrase first: some have none.</summary>
    public static ClientIdentity Read(CredentialFile file, Func<string, string?> askPassphrase, string advice)
    {
        try
        {
            return ClientIdentity.FromPfx(file.Name, file.Bytes, null);
        }
        catch (CredentialException e) when (e.Problem == CredentialProblem.WrongPassphrase)
        {
            return askPassphrase(file.Name) is { } passphrase ? ClientIdentity.FromPfx(file.Name, file.Bytes, passphrase) : throw new BakeException(
                BakeRule.KeyEncrypted, $"{file.Name}: the PKCS#12 container is encrypted, and there is nobody to ask for its passphrase. {advice}", e);
        }
    }
}
