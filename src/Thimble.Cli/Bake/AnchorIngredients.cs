using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Bake;

/// <summary>Reads the certificates to trust. What cannot serve is named and left out, as long as something remains.</summary>
internal sealed class AnchorIngredients(BakeRecipe recipe, Func<string, CredentialFile> open, List<BakeRemark> remarks)
{
    public List<X509Certificate2> Read()
    {
        var usable = new List<X509Certificate2>();
        var refused = new List<BakeException>();
        foreach (string path in recipe.AnchorFiles)
        {
            using CredentialFile file = open(path);
            NameTheRest(file);
            foreach (X509Certificate2 anchor in CertificateFile.Read(file))
            {
                if (usable.Exists(other => other.Thumbprint == anchor.Thumbprint))
                {
                    anchor.Dispose();
                }
                else if (Problem(path, anchor) is { } problem)
                {
                    refused.Add(problem);
                    anchor.Dispose();
                }
                else
                {
                    usable.Add(anchor);
                }
            }
        }

        if (usable.Count == 0 && refused.Count > 0)
        {
            throw refused[0];
        }

        remarks.AddRange(refused.Select(static problem => new BakeRemark(BakeRule.LeftOut, "Left out: " + problem.Message)));
        return usable;
    }

    private BakeException? Problem(string path, X509Certificate2 anchor)
    {
        string name = CertificateName.Short(anchor);
        if (anchor.NotAfter.ToUniversalTime() < recipe.Now.UtcDateTime)
        {
            return new BakeException(BakeRule.Expired, $"{path}: the trust anchor '{name}' expired on {anchor.NotAfter.ToUniversalTime():yyyy-MM-dd}, and today is {recipe.Now.UtcDateTime:yyyy-MM-dd}. Get the authority's current certificate.");
        }

        if (anchor.NotBefore.ToUniversalTime() > recipe.Now.UtcDateTime)
        {
            return new BakeException(BakeRule.Expired, $"{path}: the trust anchor '{name}' is valid from {anchor.NotBefore.ToUniversalTime():yyyy-MM-dd}, and today is {recipe.Now.UtcDateTime:yyyy-MM-dd}. Check this machine's clock.");
        }

        string? problem = KeyDescription.Problem(anchor) is { } key ? "it has " + key : RomAnchor.Problem(anchor);
        return problem is null ? null : new BakeException(BakeRule.Unusable, $"{path}: the certificate '{name}' cannot be trusted for servers: {problem} Give the certificate of the authority that issued the server's.");
    }

    private void NameTheRest(CredentialFile file)
    {
        foreach (PemBlock block in file.Blocks.Where(static block => block.Label is not ("CERTIFICATE" or "X509 CERTIFICATE")))
        {
            remarks.Add(new BakeRemark(BakeRule.LeftOut, $"{file.Name}: the '{PrintableText.Of(block.Label)}' in line {block.Line} is no certificate to trust, and was left out."));
        }
    }
}
