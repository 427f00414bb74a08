using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Bake;

/// <summary>
/// Makes a ROM image from files, and looks at them on the way. The same code runs in the tool and in the source generator: <paramref name="open"/>
/// brings a file's bytes, and <paramref name="askPassphrase"/> a passphrase for the file that it names, or null where nobody can be asked.
/// </summary>
internal sealed class Baker(BakeRecipe recipe, Func<string, CredentialFile> open, Func<string, string?> askPassphrase)
{
    private readonly List<BakeRemark> _remarks = [];

    /// <summary>The image.</summary>
    /// <exception cref="BakeException">There is none; the message says why and what to do.</exception>
    public BakedImage Bake()
    {
        BakedClient? client = null;
        var anchors = new List<X509Certificate2>();
        try
        {
            client = new ClientIngredients(recipe, open, askPassphrase, _remarks).Read();
            anchors = new AnchorIngredients(recipe, open, _remarks).Read();
            CheckCloud(anchors);
            return new BakedImage(Build(client, anchors), client, anchors, _remarks);
        }
        catch (Exception e)
        {
            client?.Dispose();
            anchors.ForEach(static anchor => anchor.Dispose());
            if (e is CredentialException credential)
            {
                throw Refused(credential);
            }

            if (e is CryptographicException or AsnContentException)
            {
                throw new BakeException(BakeRule.Unusable, $"One of the certificates has a key or an extension that cannot be read: {e.Message.TrimEnd('.')}. Look at each: openssl x509 -noout -text -in FILE", e);
            }

            throw;
        }
    }

    private byte[] Build(BakedClient? client, List<X509Certificate2> anchors)
    {
        using var builder = new RomImageBuilder();
        try
        {
            anchors.ForEach(builder.AddTrustAnchor);
            foreach (string pin in recipe.Pins)
            {
                builder.AddPin(KeyPin.Parse(pin));
            }

            if (client is not null)
            {
                byte[][] chain = [.. client.Chain.Select(static certificate => certificate.RawData)];
                if (client.Key is null)
                {
                    builder.SetClientCertificate(chain);
                }
                else
                {
                    builder.SetClientCertificate(chain, client.Key);
                }
            }

            return builder.Build(recipe.BakedAt ?? Latest(anchors.Concat(client?.Chain ?? [])));
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidOperationException)
        {
            throw new BakeException(BakeRule.Unusable, Sentence(e), e);
        }
    }

    private static DateTimeOffset Latest(IEnumerable<X509Certificate2> certificates) =>
        certificates.Select(static certificate => new DateTimeOffset(certificate.NotBefore.ToUniversalTime())).Append(DateTimeOffset.UnixEpoch).Max();

    private void CheckCloud(List<X509Certificate2> anchors)
    {
        if (recipe.Cloud is not { } cloud || cloud.In(anchors).Count > 0)
        {
            return;
        }

        string text = $"{cloud.Title} needs {cloud.Names} among the trust anchors, and none of these is there ({cloud.Usual}). Add one to the trust anchors; see {cloud.Source}";
        if (cloud.IsDocumented)
        {
            throw new BakeException(BakeRule.CloudRootMissing, text);
        }

        _remarks.Add(new BakeRemark(BakeRule.CloudRootDoubtful, text));
    }

    private static BakeException Refused(CredentialException e) => new(
        e.Problem switch
        {
            CredentialProblem.KeyDoesNotFitCertificate => BakeRule.KeyMismatch,
            CredentialProblem.PrivateKeyEncrypted or CredentialProblem.WrongPassphrase => BakeRule.KeyEncrypted,
            CredentialProblem.AnchorNotValidNow => BakeRule.Expired,
            _ => BakeRule.Unusable,
        },
        e.Message,
        e);

    private static string Sentence(Exception e) =>
        e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;
}
