using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Thimble.Cli.PubSub;

/// <summary>
/// Writes JSON in the layout of mosquitto's programs: without blanks, or with one member per line behind tabs. Of numbers it keeps the value
/// and not the spelling, of strings it escapes no more than it must; duplicate names stay.
/// </summary>
internal ref struct JsonText(IBufferWriter<byte> output, bool pretty)
{
    private readonly IBufferWriter<byte> _output = output;
    private readonly bool _pretty = pretty;
    private int _depth;
    private bool _hasMembers;

    public void BeginObject()
    {
        Raw(_pretty ? "{\n"u8 : "{"u8);
        _depth++;
        _hasMembers = false;
    }

    public void EndObject()
    {
        if (_pretty && _hasMembers)
        {
            Raw("\n"u8);
        }

        _depth--;
        Indent();
        Raw("}"u8);
        _hasMembers = true;
    }

    public void Name(ReadOnlySpan<byte> name)
    {
        if (_hasMembers)
        {
            Raw(_pretty ? ",\n"u8 : ","u8);
        }

        _hasMembers = true;
        Indent();
        String(name);
        Raw(_pretty ? ":\t"u8 : ":"u8);
    }

    public readonly void Number(long value) => Raw(Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));

    public readonly void Null() => Raw("null"u8);

    /// <summary>A string, given in UTF-8. What is none becomes U+FFFD: JSON has no other strings.</summary>
    public readonly void String(ReadOnlySpan<byte> utf8)
    {
        Raw("\""u8);
        while (!utf8.IsEmpty)
        {
            int plain = utf8.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7f);
            ReadOnlySpan<byte> run = plain < 0 ? utf8 : utf8[..plain];
            int special = run.IndexOfAny((byte)'"', (byte)'\\');
            run = special < 0 ? run : run[..special];
            Raw(run);
            utf8 = utf8[run.Length..];
            if (!utf8.IsEmpty)
            {
                utf8 = utf8[Special(utf8)..];
            }
        }

        Raw("\""u8);
    }

    /// <summary>Writes a JSON text in this layout, as a value <paramref name="depth"/> levels deep. Writes nothing where it is none.</summary>
    public static bool TryCopy(IBufferWriter<byte> output, ReadOnlySpan<byte> json, bool pretty, int depth)
    {
        var whole = new ArrayBufferWriter<byte>();
        var text = new JsonText(whole, pretty) { _depth = depth };
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            if (!reader.Read())
            {
                return false;
            }

            text.Value(ref reader);
            if (reader.Read())
            {
                return false;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }

        output.Write(whole.WrittenSpan);
        return true;
    }

    private void Value(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                Object(ref reader);
                break;
            case JsonTokenType.StartArray:
                Array(ref reader);
                break;
            case JsonTokenType.String:
                String(Unescaped(ref reader));
                break;
            case JsonTokenType.Number:
                Raw(Encoding.ASCII.GetBytes(Shortest(reader.GetDouble())));
                break;
            default:
                Raw(reader.ValueSpan);
                break;
        }
    }

    private void Object(ref Utf8JsonReader reader)
    {
        BeginObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            Name(Unescaped(ref reader));
            reader.Read();
            Value(ref reader);
        }

        EndObject();
    }

    private void Array(ref Utf8JsonReader reader)
    {
        Raw("["u8);
        bool first = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!first)
            {
                Raw(_pretty ? ", "u8 : ","u8);
            }

            first = false;
            Value(ref reader);
        }

        Raw("]"u8);
        _hasMembers = true;
    }

    private static byte[] Unescaped(ref Utf8JsonReader reader)
    {
        byte[] buffer = new byte[reader.ValueSpan.Length];
        int length = reader.CopyString(buffer);
        return buffer[..length];
    }

    /// <summary>As C's "%1.15g", or with 17 digits where 15 do not tell the number.</summary>
    private static string Shortest(double value)
    {
        string text = value.ToString("G15", CultureInfo.InvariantCulture);
        if (double.Parse(text, CultureInfo.InvariantCulture) != value)
        {
            text = value.ToString("G17", CultureInfo.InvariantCulture);
        }

        return double.IsFinite(value) ? text.Replace('E', 'e') : "null";
    }

    private readonly int Special(ReadOnlySpan<byte> utf8)
    {
        switch (utf8[0])
        {
            case (byte)'"':
                Raw("\\\""u8);
                return 1;
            case (byte)'\\':
                Raw("\\\\"u8);
                return 1;
            case (byte)'\b':
                Raw("\\b"u8);
                return 1;
            case (byte)'\f':
                Raw("\\f"u8);
                return 1;
            case (byte)'\n':
                Raw("\\n"u8);
                return 1;
            case (byte)'\r':
                Raw("\\r"u8);
                return 1;
            case (byte)'\t':
                Raw("\\t"u8);
                return 1;
            case < 0x20:
                Raw(Encoding.ASCII.GetBytes($"\\u{utf8[0]:x4}"));
                return 1;
            default:
                bool valid = Rune.DecodeFromUtf8(utf8, out _, out int length) == OperationStatus.Done;
                Raw(valid ? utf8[..length] : "\uFFFD"u8);
                return length;
        }
    }

    private readonly void Indent()
    {
        for (int i = 0; _pretty && i < _depth; i++)
        {
            Raw("\t"u8);
        }
    }

    private readonly void Raw(ReadOnlySpan<byte> bytes) => _output.Write(bytes);
}
