using System.Globalization;
using System.Linq;
using System.Text;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>Reads the values of flags, strictly: what is not a number is none, where mosquitto would go on with 0.</summary>
internal static class FlagValue
{
    public static long Integer(string flag, string text, long least, long most) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : throw new UsageException($"{flag} takes a number from {least} to {most}, and not '{text}'.");

    public static double Decimal(string flag, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{flag} takes a number from {least} to {most}, and not '{text}'."));

    public static MqttQos Qos(string flag, string text) => (MqttQos)Integer(flag, text, 0, 2);

    /// <summary>The bytes of text. An argument that is no UTF-8 arrives here with replacement characters, and would be sent as something else.</summary>
    public static byte[] Bytes(string flag, string text, string instead) =>
        text.EnumerateRunes().Contains(Rune.ReplacementChar)
            ? throw new UsageException($"The value of {flag} is not UTF-8, and what it was is not known any more. {instead}")
            : Encoding.UTF8.GetBytes(text);

    /// <summary>Text that MQTT can carry (MQTT 5 §1.5.4). An argument that is no UTF-8 arrives here with replacement characters.</summary>
    public static string Text(string flag, string text)
    {
        if (text.Contains('\0') || text.EnumerateRunes().Contains(Rune.ReplacementChar))
        {
            throw new UsageException($"The value of {flag} is not UTF-8 that MQTT can carry.");
        }

        return Encoding.UTF8.GetByteCount(text) <= ushort.MaxValue ? text : throw new UsageException($"The value of {flag} is longer than the 65535 bytes that MQTT can carry.");
    }
}
