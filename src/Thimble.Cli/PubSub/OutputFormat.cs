using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>
/// How a message is printed, byte for byte as mosquitto_sub does: the payload alone, <c>topic payload</c>, or a format of <c>-F</c>.
/// </summary>
internal sealed class OutputFormat
{
    private readonly FormatPiece[]? _pieces;
    private readonly bool _verbose;
    private readonly bool _endsLines;
    private readonly bool _pretty;

    private OutputFormat(FormatPiece[]? pieces, bool verbose, bool endsLines, bool pretty)
    {
        _pieces = pieces;
        _verbose = verbose;
        _endsLines = endsLines;
        _pretty = pretty;
    }

    /// <summary>The payload alone, or with its topic before it.</summary>
    public static OutputFormat Simple(bool verbose, bool endsLines) => new(null, verbose, endsLines, false);

    /// <summary>A format of <c>-F</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static OutputFormat Parse(string format, bool endsLines, bool pretty) => new(FormatParser.Parse(format), false, endsLines, pretty);

    /// <summary>Prints a message. Returns false where it should be JSON (<c>%J</c>) and is none; the rest of the format is printed.</summary>
    public bool Write(IBufferWriter<byte> output, in ReceivedMessage message)
    {
        if (_pieces is null)
        {
            WriteSimply(output, message);
            return true;
        }

        bool good = true;
        foreach (FormatPiece piece in _pieces)
        {
            good &= WritePiece(output, piece, message);
        }

        EndLine(output);
        return good;
    }

    private void WriteSimply(IBufferWriter<byte> output, in ReceivedMessage message)
    {
        // Of a message of nothing there is nothing to print, unless a line can tell of it.
        if (message.Payload.IsEmpty && !(_verbose && _endsLines))
        {
            return;
        }

        if (_verbose)
        {
            output.Write(message.Topic.Span);
            output.Write(" "u8);
        }

        output.Write(message.Payload.IsEmpty ? "(null)"u8 : message.Payload.Span);
        EndLine(output);
    }

    private bool WritePiece(IBufferWriter<byte> output, FormatPiece piece, in ReceivedMessage message)
    {
        switch (piece.Start)
        {
            case '%':
                return WriteParameter(output, piece, message);
            case '@':
                Text(output, piece.Conversion == 'N' ? Nanoseconds(message.At) : TimeFormat.Convert(piece.Conversion, message.At));
                return true;
            default:
                output.Write(piece.Text);
                return true;
        }
    }

    private bool WriteParameter(IBufferWriter<byte> output, FormatPiece piece, in ReceivedMessage message)
    {
        MqttMessageProperties properties = message.Properties;
        switch (piece.Conversion)
        {
            case 't':
                Field(output, piece, message.Topic.Span);
                break;
            case 'C':
                Field(output, piece, properties.ContentType);
                break;
            case 'R':
                Field(output, piece, properties.ResponseTopic);
                break;
            case 'I':
                Field(output, piece, TimeFormat.Iso(message.At));
                break;
            case 'l':
                Number(output, piece, message.Payload.Length);
                break;
            case 'm':
                Number(output, piece, message.PacketIdentifier);
                break;
            case 'A':
                Number(output, piece, null); // An alias stands for a topic that is known; the client puts it in.
                break;
            case 'E':
                Number(output, piece, (long?)properties.Expiry?.TotalSeconds);
                break;
            case 'F':
                Number(output, piece, properties.PayloadFormat == MqttPayloadFormat.Unspecified ? null : (long)properties.PayloadFormat);
                break;
            case 'S':
                Number(output, piece, properties.SubscriptionIdentifiers.Count == 0 ? null : properties.SubscriptionIdentifiers[0]);
                break;
            case 'p':
                Payload(output, piece, message.Payload.Span);
                break;
            case 'x' or 'X':
                Hexadecimal(output, piece, message.Payload.Span);
                break;
            default:
                return WriteWithoutWidth(output, piece.Conversion, message);
        }

        return true;
    }

    private bool WriteWithoutWidth(IBufferWriter<byte> output, char conversion, in ReceivedMessage message)
    {
        switch (conversion)
        {
            case 'q':
                Text(output, ((int)message.Qos).ToString(CultureInfo.InvariantCulture));
                return true;
            case 'r':
                output.Write(message.Retain ? "1"u8 : "0"u8);
                return true;
            case 'D':
                output.Write(message.Properties.CorrelationData.Span);
                return true;
            case 'P':
                UserProperties(output, message.Properties);
                return true;
            case 'U':
                Text(output, $"{TimeFormat.Convert('s', message.At)}.{Nanoseconds(message.At)}");
                return true;
            default:
                return JsonMessage.Write(output, message, payloadIsJson: conversion == 'J', _pretty);
        }
    }

    private static void UserProperties(IBufferWriter<byte> output, MqttMessageProperties properties)
    {
        string separator = "";
        foreach (MqttUserProperty property in properties.UserProperties)
        {
            Text(output, $"{separator}{property.Name}:{property.Value}");
            separator = " ";
        }
    }

    private static string Nanoseconds(DateTimeOffset time) => (time.UtcTicks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick).ToString("D9", CultureInfo.InvariantCulture);

    private static void Field(IBufferWriter<byte> output, FormatPiece piece, string? text) => Field(output, piece, Encoding.UTF8.GetBytes(text ?? ""));

    /// <summary>A string: width and precision count bytes, and zeros do not pad it.</summary>
    private static void Field(IBufferWriter<byte> output, FormatPiece piece, ReadOnlySpan<byte> text) =>
        Pad(output, piece with { ZeroPadded = false }, piece.Precision is { } most && text.Length > most ? text[..most] : text);

    /// <summary>A number; one that is absent is as wide as the field, of zeros where these pad it.</summary>
    private static void Number(IBufferWriter<byte> output, FormatPiece piece, long? number) =>
        Pad(output, piece, number is { } value ? Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)) : []);

    /// <summary>The payload: the width is also the most that is printed of it.</summary>
    private static void Payload(IBufferWriter<byte> output, FormatPiece piece, ReadOnlySpan<byte> payload) =>
        Pad(output, piece, piece.Width > 0 && payload.Length > piece.Width ? payload[..piece.Width] : payload);

    private static void Hexadecimal(IBufferWriter<byte> output, FormatPiece piece, ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> shown = piece.Width > 0 && payload.Length > piece.Width / 2 ? payload[..(piece.Width / 2)] : payload;
        byte[] digits = new byte[shown.Length * 2];
        bool written = piece.Conversion == 'x' ? Convert.TryToHexStringLower(shown, digits, out _) : Convert.TryToHexString(shown, digits, out _);
        Pad(output, piece, written ? digits : []);
    }

    private static void Pad(IBufferWriter<byte> output, FormatPiece piece, ReadOnlySpan<byte> bytes)
    {
        int padding = int.Max(0, piece.Width - bytes.Length);
        if (!piece.LeftAligned)
        {
            Fill(output, padding, piece.ZeroPadded ? (byte)'0' : (byte)' ');
        }

        output.Write(bytes);
        if (piece.LeftAligned)
        {
            Fill(output, padding, (byte)' ');
        }
    }

    private static void Fill(IBufferWriter<byte> output, int count, byte with)
    {
        output.GetSpan(count)[..count].Fill(with);
        output.Advance(count);
    }

    private static void Text(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text, output);

    private void EndLine(IBufferWriter<byte> output)
    {
        if (_endsLines)
        {
            output.Write("\n"u8);
        }
    }
}
