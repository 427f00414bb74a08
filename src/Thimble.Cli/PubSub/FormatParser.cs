using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Thimble.Cli.PubSub;

/// <summary>
/// Reads a format of <c>-F</c>: <c>%</c> with flags, width, precision and a letter; <c>@</c> with a conversion of strftime, or N; <c>\</c> with an escape.
/// </summary>
internal ref struct FormatParser
{
    private const string Parameters = "%ACDEFIJPRSUXjlmpqrtx";
    private const int LargestWidth = 10_000;

    private readonly ReadOnlySpan<char> _format;
    private readonly List<FormatPiece> _pieces;
    private int _at;

    private FormatParser(string format)
    {
        _format = format;
        _pieces = [];
    }

    /// <exception cref="UsageException">It is no format.</exception>
    public static FormatPiece[] Parse(string format)
    {
        var parser = new FormatParser(format);
        while (parser._at < format.Length)
        {
            parser.Piece();
        }

        return [.. parser._pieces];
    }

    private void Piece()
    {
        int special = _format[_at..].IndexOfAny('%', '@', '\\');
        if (special != 0)
        {
            ReadOnlySpan<char> text = special < 0 ? _format[_at..] : _format.Slice(_at, special);
            AddText(text);
            _at += text.Length;
            return;
        }

        char start = _format[_at++];
        switch (start)
        {
            case '%':
                Parameter();
                break;
            case '@':
                char conversion = Next("format");
                _pieces.Add(conversion == '@' ? TextPiece("@") : new FormatPiece('@', conversion, []));
                break;
            default:
                AddText(Escaped(Next("escape")));
                break;
        }
    }

    private void Parameter()
    {
        bool zero = Peek() == '0' && Skip();
        bool left = !zero && Peek() == '-' && Skip();
        zero |= left && Peek() == '0';
        int width = Number();
        int? precision = Peek() == '.' && Skip() ? Number() : null;
        char letter = Next("format");
        if (!Parameters.Contains(letter))
        {
            throw new UsageException($"Invalid format specifier '{letter}' in -F: behind % stands one of {Parameters}.");
        }

        _pieces.Add(letter == '%' ? TextPiece("%") : new FormatPiece('%', letter, [], left, zero && !left, width, precision));
    }

    private static string Escaped(char letter) => letter switch
    {
        '\\' => "\\",
        '0' => "\0",
        'a' => "\a",
        'e' => "\e",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\v",
        _ => throw new UsageException($"Invalid escape specifier '{letter}' in -F: behind \\ stands one of \\0aenrtv."),
    };

    private readonly char Peek() => _at < _format.Length ? _format[_at] : '\0';

    private bool Skip()
    {
        _at++;
        return true;
    }

    private char Next(string what) => _at < _format.Length ? _format[_at++] : throw new UsageException($"Incomplete {what} specifier at the end of -F.");

    private int Number()
    {
        int start = _at;
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }

        ReadOnlySpan<char> digits = _format[start.._at];
        return digits.IsEmpty ? 0
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= LargestWidth ? number
            : throw new UsageException($"A field in -F is {digits} wide: {LargestWidth} is the limit.");
    }

    private readonly void AddText(ReadOnlySpan<char> text) => _pieces.Add(TextPiece(text));

    private static FormatPiece TextPiece(ReadOnlySpan<char> text)
    {
        byte[] utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        return new FormatPiece('\0', '\0', utf8);
    }
}
