using System.CommandLine;

namespace Thimble.Cli.Certificates;

/// <summary><c>thimble cert</c>: a small authority for devices.</summary>
internal static class CertCommand
{
    private const string About = """
        A small certificate authority for devices: roots, intermediates, fleets, and requests for clouds.

        Can I have a completely EC-based certificate?
          Yes, and that is what you get here unless you ask for RSA: root, intermediate and device have keys on
          P-256 and sign with ECDSA, and nothing in the chain is RSA. It is your chain: whoever verifies it must
          know your root, as your own broker does, and as AWS IoT and Azure do once you registered it there. The
          server's chain is another matter: its owner chose it. If the server has no EC certificate, the suites
          ECDHE_ECDSA are refused by it, whatever the client holds, while ECDHE_RSA with your EC client
          certificate works. A device that is to verify nothing but EC needs a server whose chain is EC
          throughout.

        Examples:
          thimble cert ca --name "Acme Root" --intermediate "Acme Line 1" -o pki
          thimble cert device --issuer pki/intermediate.pem --issuer-key pki/intermediate.key --name device-{0000} --count 100 -o fleet.tar
          thimble cert server --issuer pki/ca.pem --issuer-key pki/ca.key --name broker --san localhost --san 127.0.0.1 -o broker
          thimble cert csr --name device-7 --for azure-dps -o request
          thimble bake --cafile roots.pem --cert fleet/device-0001.pem --key fleet/device-0001.key -o device-0001.rom
        """;

    public static Command Create(Terminal terminal) => new("cert", About)
    {
        Subcommands = { CaCommand.Create(terminal), EndEntityCommand.Device(terminal), EndEntityCommand.Server(terminal), CsrCommand.Create(terminal) },
    };
}
