using Thimble.Cli.Clouds;

namespace Thimble.Cli.Certificates;

/// <summary>What clouds ask of certificate requests, by their documentation.</summary>
internal static class RequestRules
{
    /// <summary>What <c>--for</c> takes.</summary>
    public static string[] Clouds { get; } = ["aws-iot", "azure-dps"];

    /// <summary>
    /// Refuses a name that the cloud would refuse. For DPS the common name is the registration ID ("IoT Hub Device Provisioning Service (DPS) terminology"). AWS IoT
    /// takes any name, and keys of RSA with 2048 bits or more and on P-256, P-384 and P-521 (CreateCertificateFromCsr in AWS's API reference): all that can be made here.
    /// </summary>
    public static void CheckName(string? cloud, string name)
    {
        if (cloud == "azure-dps" && AzureNames.RegistrationProblem(name) is { } problem)
        {
            throw new UsageException($"For DPS the common name is the registration ID. {problem}.");
        }
    }

    /// <summary>What to do with the request next.</summary>
    public static string? Next(string? cloud) => cloud switch
    {
        "aws-iot" => "Next: aws iot create-certificate-from-csr --set-as-active --certificate-signing-request file://NAME.csr. The certificate that comes back belongs to NAME.key.",
        "azure-dps" => "Next: have your authority sign NAME.csr, with the common name as it is: DPS takes it for the registration ID. An enrollment group wants your authority's certificate, verified.",
        _ => null,
    };
}
