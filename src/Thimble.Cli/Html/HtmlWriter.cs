using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Xml;

namespace Thimble.Cli.Html;

/// <summary>
/// Writes elements, attributes and text that read the same as HTML and as XML. Whatever text it is given, a host's name or a certificate's, comes out
/// as text: markup in it is encoded, and characters that XML does not have, or that nobody sees, become U+FFFD.
/// </summary>
internal sealed class HtmlWriter : IDisposable
{
    private readonly XmlWriter _xml;

    public HtmlWriter(TextWriter output)
    {
        _xml = XmlWriter.Create(output, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false, ConformanceLevel = ConformanceLevel.Document, NewLineHandling = NewLineHandling.None });
        _xml.WriteDocType("html", null, null, null);
    }

    /// <summary>Begins an element, which ends when what is returned is disposed of.</summary>
    public Scope Begin(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _xml.WriteStartElement(element);
        foreach ((string name, string value) in attributes)
        {
            _xml.WriteAttributeString(name, Encodable(value));
        }

        return new Scope(this);
    }

    /// <summary>Writes an element with text in it.</summary>
    public void Element(string element, string text, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        using (Begin(element, attributes))
        {
            Text(text);
        }
    }

    /// <summary>Writes an element that HTML never closes, such as meta.</summary>
    public void Void(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        _ = Begin(element, attributes);
        _xml.WriteEndElement();
    }

    /// <summary>Writes text.</summary>
    public void Text(string text) => _xml.WriteString(Encodable(text));

    /// <summary>A number as an attribute: at most two places, and a point.</summary>
    public static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    /// <summary>A number for people.</summary>
    public static string Words(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public void Dispose() => _xml.Dispose();

    private static string Encodable(string text)
    {
        StringBuilder? changed = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (IsShown(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                i++;
                continue;
            }

            changed ??= new StringBuilder(text);
            changed[i] = '\uFFFD';
        }

        return changed?.ToString() ?? text;
    }

    /// <summary>Neither control characters nor marks that turn the direction of text or hide in it: a name could pose as another with them.</summary>
    private static bool IsShown(char character) =>
        XmlConvert.IsXmlChar(character) && (character == '\n' || char.GetUnicodeCategory(character) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>An element that is open.</summary>
    internal readonly ref struct Scope(HtmlWriter html)
    {
        /// <summary>Ends it, always with an end tag: to HTML an empty element written as one tag is an open one.</summary>
        public void Dispose() => html._xml.WriteFullEndElement();
    }
}
