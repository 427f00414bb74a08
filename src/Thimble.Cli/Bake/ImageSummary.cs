using System.Collections.Generic;
using System.Linq;
using Spectre.Console;

namespace Thimble.Cli.Bake;

/// <summary>What an image holds, for people.</summary>
internal static class ImageSummary
{
    public static void Write(IAnsiConsole console, ImageReport image)
    {
        console.MarkupLineInterpolated($"Made {image.BakedAt}; no clock is believed that is earlier.");
        console.WriteLine(image.Anchors.Count == 0 ? "No trust anchor." : $"{Counted(image.Anchors.Count, "trust anchor")}:");
        foreach (AnchorReport anchor in image.Anchors)
        {
            console.MarkupLineInterpolated($"  {anchor.Name}: {anchor.Key}, {anchor.Bytes:N0} bytes{string.Concat(Limits(anchor).Select(limit => ", " + limit))}");
        }

        if (image.Pins.Count > 0)
        {
            console.MarkupLineInterpolated($"{Counted(image.Pins.Count, "pin")}: {string.Join(", ", image.Pins)}");
        }

        if (image.Chain.Count == 0)
        {
            console.WriteLine("No client certificate.");
            return;
        }

        console.MarkupLineInterpolated($"The client's chain, {image.ChainBytes:N0} bytes as it is sent:");
        foreach (LinkReport link in image.Chain)
        {
            console.MarkupLineInterpolated($"  {link.Subject}: {link.Key}, {link.Bytes:N0} bytes, from {link.NotBefore} to {link.NotAfter}, issued by {link.Issuer}");
        }

        console.WriteLine(image.Key is not { } key ? "No key."
            : key.IsElsewhere ? $"The client's key: {key.Kind}, kept elsewhere; {key.Bytes:N0} bytes of its public part are here."
            : $"The client's private key: {key.Kind}, {key.Bytes:N0} bytes. Whoever has this image has the key.");
    }

    private static IEnumerable<string> Limits(AnchorReport anchor)
    {
        if (!anchor.IsAuthority)
        {
            yield return "one server's own certificate";
        }

        if (anchor.PathLength is { } length)
        {
            yield return $"at most {length} authorities below";
        }

        if (anchor.NameConstraintsBytes > 0)
        {
            yield return "limited to certain names";
        }

        if (anchor.IsPinned)
        {
            yield return "pinned";
        }
    }

    private static string Counted(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
