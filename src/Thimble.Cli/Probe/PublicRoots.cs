namespace Thimble.Cli.Probe;

/// <summary>Roots that most machines trust, by their names, and whose they are: so that a machine without them can tell as well.</summary>
internal static class PublicRoots
{
    /// <summary>Whose root has that common name, or null. A name proves nothing: it helps to find the certificate.</summary>
    public static string? OwnerOf(string commonName) => commonName switch
    {
        "Amazon Root CA 1" or "Amazon Root CA 2" or "Amazon Root CA 3" or "Amazon Root CA 4" => "Amazon Trust Services (AWS IoT)",
        "Starfield Services Root Certificate Authority - G2" => "Amazon Trust Services (older AWS endpoints)",
        "DigiCert Global Root CA" or "DigiCert Global Root G2" or "DigiCert Global Root G3" => "DigiCert (Azure IoT Hub: G2)",
        "Microsoft RSA Root Certificate Authority 2017" or "Microsoft ECC Root Certificate Authority 2017" => "Microsoft",
        "ISRG Root X1" or "ISRG Root X2" => "Let's Encrypt",
        "GTS Root R1" or "GTS Root R2" or "GTS Root R3" or "GTS Root R4" => "Google Trust Services",
        "GlobalSign Root CA" or "GlobalSign" => "GlobalSign",
        "USERTrust RSA Certification Authority" or "USERTrust ECC Certification Authority" => "Sectigo",
        _ => null,
    };
}
