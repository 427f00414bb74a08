using System.Collections.Generic;
using System.IO;

namespace Thimble.Cli.Register;

/// <summary>With what the device will talk to its hub: the options of <c>pub</c> and <c>sub</c> for it, by their long names.</summary>
internal static class DeviceProof
{
    /// <summary>Stands for the file of a derived key that was not saved.</summary>
    public const string UnsavedKey = "KEY-FILE";

    /// <summary>Names and values; a switch has no value.</summary>
    public static IEnumerable<(string Name, string? Value)> Options(RegisterSettings settings)
    {
        if (settings.CaFile is { } caFile)
        {
            yield return ("cafile", Path.GetFullPath(caFile));
        }

        if (settings.CaPath is { } caPath)
        {
            yield return ("capath", Path.GetFullPath(caPath));
        }

        if (settings.SystemTrust)
        {
            yield return ("tls-use-os-certs", null);
        }

        if (settings is { CertificateFile: { } certificate, KeyFile: { } key })
        {
            yield return ("cert", Path.GetFullPath(certificate));
            yield return ("key", Path.GetFullPath(key));
        }
        else if (settings.Cloud.GroupKeyFile is not null)
        {
            yield return ("sas-key", settings.SavedKeyFile is { } saved ? Path.GetFullPath(saved) : UnsavedKey);
        }
        else if (settings.Cloud.SasKeyFile is { } sasKey)
        {
            yield return ("sas-key", Path.GetFullPath(sasKey));
        }
    }
}
