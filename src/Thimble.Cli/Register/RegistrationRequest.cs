using System;
using System.Buffers;
using System.Globalization;
using System.IO;
using System.Text.Json;

namespace Thimble.Cli.Register;

/// <summary>The JSON by which a device asks to be registered (DeviceRegistration of DPS's REST API).</summary>
internal static class RegistrationRequest
{
    private const int MostPayloadBytes = 64 << 10;

    /// <summary>The request, with the payload of a file where there is one.</summary>
    /// <exception cref="ThimbleException">The file cannot be read, or is no JSON object.</exception>
    public static byte[] Of(string registrationId, string? payloadFile)
    {
        var request = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(request);
        writer.WriteStartObject();
        writer.WriteString("registrationId", registrationId);
        if (payloadFile is not null)
        {
            WritePayload(writer, payloadFile);
        }

        writer.WriteEndObject();
        writer.Flush();
        return request.WrittenSpan.ToArray();
    }

    private static void WritePayload(Utf8JsonWriter writer, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Read(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new ThimbleException($"{path}: the payload is JSON, but no object, and DPS takes an object only. Put it in braces.");
            }

            writer.WritePropertyName("payload");
            document.RootElement.WriteTo(writer);
        }
        catch (JsonException e)
        {
            throw new ThimbleException(string.Create(CultureInfo.InvariantCulture, $"{path}: the payload is no JSON: line {(e.LineNumber ?? 0) + 1} breaks its grammar. Mend it; DPS takes a JSON object."), e);
        }
        catch (InvalidOperationException e)
        {
            throw new ThimbleException($"{path}: a text in the payload is half a character (a lone surrogate). Mend it; DPS takes a JSON object.", e);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            byte[] bytes = new byte[MostPayloadBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= MostPayloadBytes
                ? bytes[..length]
                : throw new ThimbleException(string.Create(CultureInfo.InvariantCulture, $"{path}: the payload has more than the {MostPayloadBytes:N0} bytes that are sent at most. Give a smaller one."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ThimbleException($"{path}: the payload cannot be read: {e.Message} Check the name and the permissions.", e);
        }
    }
}
