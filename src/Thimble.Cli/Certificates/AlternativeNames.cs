using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Cli.Certificates;

/// <summary>The subject's other names (RFC 5280 §4.2.1.6), such as <c>dns:NAME</c>, <c>ip:ADDRESS</c>, <c>uri:URI</c>, or without a kind what they look like.</summary>
internal static class AlternativeNames
{
    /// <summary>The extension, or null where there are none.</summary>
    public static X509Extension? Of(IReadOnlyCollection<string> names, int number)
    {
        if (names.Count == 0)
        {
            return null;
        }

        var builder = new SubjectAlternativeNameBuilder();
        foreach (string pattern in names)
        {
            Add(builder, NamePattern.Fill(pattern, number));
        }

        return builder.Build();
    }

    private static void Add(SubjectAlternativeNameBuilder builder, string name)
    {
        try
        {
            switch (name.Split(':', 2))
            {
                case ["dns", { Length: > 0 } dns]:
                    builder.AddDnsName(dns);
                    break;
                case ["ip", { Length: > 0 } address]:
                    builder.AddIpAddress(IPAddress.Parse(address));
                    break;
                case ["uri", { Length: > 0 } uri]:
                    builder.AddUri(new Uri(uri, UriKind.Absolute));
                    break;
                default:
                    if (IPAddress.TryParse(name, out IPAddress? literal))
                    {
                        builder.AddIpAddress(literal);
                    }
                    else if (name.Length > 0 && !name.Contains(':', StringComparison.Ordinal))
                    {
                        builder.AddDnsName(name);
                    }
                    else
                    {
                        throw new FormatException("there is no such kind of name");
                    }

                    break;
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new UsageException($"'{PrintableText.Of(name)}' is no name that a certificate can have. Write dns:NAME, ip:ADDRESS or uri:URI.");
        }
    }
}
