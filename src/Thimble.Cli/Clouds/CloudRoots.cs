using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Clouds;

/// <summary>
/// At which roots the chains of a cloud's servers end. A client needs one of <see cref="AnyOf"/>. The digests are those of the certificates in
/// Mozilla's list as Linux distributions carry it, which are the ones that the authorities publish.
/// </summary>
internal sealed record CloudRoots
{
    private static readonly CloudRoot s_digiCert = new("DigiCert Global Root CA", "4348A0E9444C78CB265E058D5E8944B4D84F9662BD26DB257F8934A443C70161");
    private static readonly CloudRoot s_digiCertG2 = new("DigiCert Global Root G2", "CB3CCBB76031E5E0138F8DD39A23F9DE47FFC35E43C1144CEA27D46A5AB1CB5F");
    private static readonly CloudRoot s_digiCertG3 = new("DigiCert Global Root G3", "31AD6648F8104138C738F39EA4320133393E3A18CC02296EF97C2AC9EF6731D0");
    private static readonly CloudRoot s_microsoftRsa = new("Microsoft RSA Root Certificate Authority 2017", "C741F70F4B2A8D88BF2E71C14122EF53EF10EBA0CFA5E64CFA20F418853073E0");
    private static readonly CloudRoot s_microsoftEcc = new("Microsoft ECC Root Certificate Authority 2017", "358DF39D764AF9E1B766E9C972DF352EE15CFAC227AF6AD1D70E8E4A6EDCBA02");

    public static CloudRoots AwsIot { get; } = new()
    {
        Name = "aws-iot",
        Title = "AWS IoT Core",
        AnyOf =
        [
            new("Amazon Root CA 1", "8ECDE6884F3D87B1125BA31AC3FCB13D7016DE7F57CC904FE1CB97C6AE98196E"),
            new("Amazon Root CA 2", "1BA5B2AA8C65401A82960118F80BEC4F62304D83CEC4713A19C39C011EA46DB4"),
            new("Amazon Root CA 3", "18CE6CFE7BF14E60B2E347B8DFE868CB31D02EBB3ADA271569F50343B46DB3A4"),
            new("Amazon Root CA 4", "E35D28419ED02025CFA69038CD623962458DA5C695FBDEA3C22B0BFB25897092"),
            new("Starfield Services Root Certificate Authority - G2", "568D6905A2C88708A4B3025190EDCFEDB1974A606A13C6E5290FCB2AE63EDAB5"),
        ],
        Usual = "Amazon Root CA 1 for RSA suites and Amazon Root CA 3 for ECDSA suites",
        Source = "https://docs.aws.amazon.com/iot/latest/developerguide/server-authentication.html",
        IsDocumented = true,
    };

    public static CloudRoots AzureIotHub { get; } = new()
    {
        Name = "azure-iot-hub",
        Title = "Azure IoT Hub",
        AnyOf = [s_digiCertG2, s_microsoftRsa],
        Usual = "DigiCert Global Root G2 today; Microsoft advises to hold Microsoft RSA Root Certificate Authority 2017 as well",
        Source = "https://learn.microsoft.com/azure/iot-hub/iot-hub-tls-support",
        IsDocumented = true,
    };

    public static CloudRoots AzureDps { get; } = AzureIotHub with { Name = "azure-dps", Title = "Azure DPS" };

    public static CloudRoots AzureEventGrid { get; } = new()
    {
        Name = "azure-event-grid",
        Title = "Azure Event Grid",
        AnyOf = [s_digiCertG3, s_digiCertG2, s_microsoftEcc, s_microsoftRsa],
        Usual = "DigiCert Global Root G3 was seen under its EC certificates; Microsoft promises the list of Azure's authorities only",
        Source = "https://learn.microsoft.com/azure/security/fundamentals/azure-ca-details",
        IsDocumented = false,
    };

    public static CloudRoots HiveMqCloud { get; } = new()
    {
        Name = "hivemq-cloud",
        Title = "HiveMQ Cloud",
        AnyOf = [new("ISRG Root X1", "96BCEC06264976F37460779ACF28C5A7CFE8A3C0AAE11A8FFCEE05C0BDDF08C6")],
        Usual = "its servers have certificates of Let's Encrypt",
        Source = "https://letsencrypt.org/certificates/",
        IsDocumented = false,
    };

    public static CloudRoots Emqx { get; } = new()
    {
        Name = "emqx",
        Title = "EMQX Cloud",
        AnyOf = [s_digiCertG2, s_digiCert],
        Usual = "the console of a deployment offers its root for download, which is the one that counts",
        Source = "https://docs.emqx.com/en/cloud/latest/",
        IsDocumented = false,
    };

    public static CloudRoots ClearBlade { get; } = new()
    {
        Name = "clearblade",
        Title = "ClearBlade IoT Core",
        AnyOf = [s_digiCert],
        Usual = "its documentation has it for download",
        Source = "https://clearblade.atlassian.net/wiki/pages/viewpage.action?pageId=2202566686",
        IsDocumented = true,
    };

    /// <summary>Those of all clouds that are known.</summary>
    public static IReadOnlyList<CloudRoots> All { get; } = [AwsIot, AzureIotHub, AzureDps, AzureEventGrid, HiveMqCloud, Emqx, ClearBlade];

    /// <summary>What <c>--for</c> takes.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people.</summary>
    public required string Title { get; init; }

    /// <summary>The roots at which a chain of this cloud may end.</summary>
    public required IReadOnlyList<CloudRoot> AnyOf { get; init; }

    /// <summary>Which of them matters when.</summary>
    public required string Usual { get; init; }

    /// <summary>Where that is written.</summary>
    public required string Source { get; init; }

    /// <summary>Whether the cloud's own documentation promises these roots. Where not, a missing one is a warning and no error.</summary>
    public required bool IsDocumented { get; init; }

    /// <summary>The cloud of that name, or null.</summary>
    public static CloudRoots? Find(string name) => All.FirstOrDefault(cloud => cloud.Name == name);

    /// <summary>Which of the roots are among these certificates.</summary>
    public IReadOnlyList<CloudRoot> In(IEnumerable<X509Certificate2> anchors)
    {
        HashSet<string> digests = [.. anchors.Select(anchor => anchor.GetCertHashString(HashAlgorithmName.SHA256))];
        return [.. AnyOf.Where(root => digests.Contains(root.Sha256))];
    }

    /// <summary>The names of the roots, as a sentence takes them.</summary>
    public string Names => string.Join(", ", AnyOf.Take(AnyOf.Count - 1).Select(root => $"'{root.Name}'")) + (AnyOf.Count > 1 ? " or " : "") + $"'{AnyOf[^1].Name}'";
}
