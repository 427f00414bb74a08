using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Thimble.Bench;

/// <summary>
/// SslStream has no setting for groups, so OpenSSL is told by its configuration, before it is loaded, to agree on P-256:
/// both clients then do the same handshake.
/// </summary>
internal static partial class OpenSslGroups
{
    private const string Configuration = """
        openssl_conf = all
        [all]
        ssl_conf = ssl
        [ssl]
        system_default = defaults
        [defaults]
        Groups = P-256
        """;

    public static void UseP256()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string path = Path.Combine(AppContext.BaseDirectory, "openssl.cnf");
        File.WriteAllText(path, Configuration);

        // The runtime's own setter does not reach the environment that native code reads.
        _ = SetEnvironment("OPENSSL_CONF", path, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
