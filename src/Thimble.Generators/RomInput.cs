using System;
using System.Linq;
using System.Text;

namespace Thimble.Generators;

/// <summary>A recipe with the texts of its files, one behind the other with U+0000 between. Equal ones make equal images.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Texts">The texts, in the order of its files.</param>
/// <param name="IsAmbiguous">Whether another recipe makes a class of that name.</param>
internal sealed record RomInput(RomRecipe Recipe, string Texts, bool IsAmbiguous)
{
    /// <summary>One of the files, by its full path.</summary>
    /// <exception cref="CredentialException">It cannot be used.</exception>
    public CredentialFile Open(string path)
    {
        int place = Recipe.Files.ToList().IndexOf(path);
        CredentialFile file = CredentialFile.FromBytes(path, Encoding.UTF8.GetBytes(Texts.Split('\0')[place]));
        if (file.IsPem)
        {
            return file;
        }

        file.Dispose();
        throw new CredentialException(CredentialProblem.NoCertificate, path, "the file is not PEM, and compilers hand on texts only.", "Convert it: openssl x509 -inform DER -in FILE -out FILE.pem, or openssl pkcs12 -in FILE -nodes -out FILE.pem.");
    }
}
