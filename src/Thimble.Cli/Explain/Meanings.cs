using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Xml;

namespace Thimble.Cli.Explain;

/// <summary>The documentation of the core's codes, which the build takes out of Thimble.Core.xml: there is one sentence for each, and it stands beside the code.</summary>
internal static class Meanings
{
    private static readonly Lazy<Dictionary<string, string>> s_all = new(Read);

    /// <summary>What the documentation says of an enumeration's member.</summary>
    public static string Of<T>(T member)
        where T : struct, Enum => s_all.Value[$"F:{typeof(T).FullName}.{member}"];

    private static Dictionary<string, string> Read()
    {
        var meanings = new Dictionary<string, string>(StringComparer.Ordinal);
        using Stream stream = typeof(Meanings).Assembly.GetManifestResourceStream("Meanings.xml")!;
        using var reader = XmlReader.Create(stream);
        while (reader.ReadToFollowing("member"))
        {
            string name = reader.GetAttribute("name")!;
            using XmlReader member = reader.ReadSubtree();
            if (member.ReadToFollowing("summary"))
            {
                meanings.Add(name, Text(member));
            }
        }

        return meanings;
    }

    /// <summary>The words of an element, with references by their last name, on one line.</summary>
    private static string Text(XmlReader element)
    {
        var text = new StringBuilder();
        int depth = element.Depth;
        while (element.Read() && element.Depth > depth)
        {
            if (element.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
            {
                text.Append(element.Value);
            }
            else if (element.NodeType == XmlNodeType.Element && element.GetAttribute("cref") is { } cref)
            {
                text.Append(cref.AsSpan(cref.LastIndexOf('.') + 1));
            }
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
