using System;

namespace Thimble.Tls;

/// <summary>What kind of name the server is known by. The chain verifier judges names; this only tells what may go into SNI.</summary>
internal static class ServerName
{
    /// <summary>Whether the name is a DNS name rather than an IP address: letters beyond digits and dots, and no colon.</summary>
    public static bool IsDnsName(ReadOnlySpan<byte> name)
    {
        bool hasOther = false;
        foreach (byte c in name)
        {
            if (c == (byte)':')
            {
                return false;
            }

            hasOther |= c is not ((>= (byte)'0' and <= (byte)'9') or (byte)'.');
        }

        return hasOther;
    }

    /// <summary>
    /// Whether the name can be one at all: printable ASCII without spaces, within the profile's limit, and without the
    /// trailing dot that neither SNI (RFC 6066 §3) nor a certificate carries.
    /// </summary>
    public static bool IsUsable(ReadOnlySpan<byte> name, int maxBytes)
    {
        if (name.IsEmpty || name.Length > maxBytes || name[name.Length - 1] == (byte)'.')
        {
            return false;
        }

        foreach (byte c in name)
        {
            if (c is <= 0x20 or >= 0x7F)
            {
                return false;
            }
        }

        return true;
    }
}
