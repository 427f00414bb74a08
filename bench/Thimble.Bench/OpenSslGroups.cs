using System;
using System.IO;
using System.Runtime.InteropServices;

namespace Thimble.Bench;

/// <summary>
/// SslStream has no setting for groups, and resumes no session where it is told of suites, so OpenSSL is told of both by its
/// configuration, before it is loaded: both clients then do the same handshake.
/// </summary>
internal static partial class OpenSslGroups
{
    /// <summary>
    /// Lets the platform's TLS agree on that group for as long as this process lasts. With X25519 P-256 comes second, or
    /// its server would take no client key on that curve.
    /// </summary>
    public static void Use(string group)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string groups = group == "X25519" ? "X25519:P-256" : group;
        string path = Path.Combine(AppContext.BaseDirectory, $"openssl-{group}.cnf");
        File.WriteAllText(path, $"""
            openssl_conf = all
            [all]
            ssl_conf = ssl
            [ssl]
            system_default = defaults
            [defaults]
            Groups = {groups}
            CipherString = ECDHE-RSA-AES128-GCM-SHA256
            Ciphersuites = TLS_AES_128_GCM_SHA256
            """);

        // The runtime's own setter does not reach the environment that native code reads.
        _ = SetEnvironment("OPENSSL_CONF", path, overwrite: 1);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
