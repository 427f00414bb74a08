using System;
using System.Globalization;

namespace Thimble.Cli.PubSub;

/// <summary>The conversions of strftime (POSIX, and those that glibc adds), in the C locale.</summary>
internal static class TimeFormat
{
    /// <summary>ISO 8601, as <c>%I</c> writes it.</summary>
    public static string Iso(DateTimeOffset time) => $"{F(time, "yyyy-MM-ddTHH:mm:ss")}{Zone(time)}";

    /// <summary>The zone, as <c>+0100</c>.</summary>
    public static string Zone(DateTimeOffset time) => F(time, "zzz").Replace(":", "", StringComparison.Ordinal);

    /// <summary>One conversion; one that does not exist stands for itself.</summary>
    public static string Convert(char conversion, DateTimeOffset time) => conversion switch
    {
        'a' => F(time, "ddd"),
        'A' => F(time, "dddd"),
        'b' or 'h' => F(time, "MMM"),
        'B' => F(time, "MMMM"),
        'c' => $"{F(time, "ddd MMM")} {Padded(time.Day)} {F(time, "HH:mm:ss yyyy")}",
        'C' => Digits(time.Year / 100, 2),
        'd' => F(time, "dd"),
        'D' or 'x' => F(time, "MM/dd/yy"),
        'e' => Padded(time.Day),
        'F' => F(time, "yyyy-MM-dd"),
        'g' => Digits(ISOWeek.GetYear(time.DateTime) % 100, 2),
        'G' => Digits(ISOWeek.GetYear(time.DateTime), 4),
        'H' => F(time, "HH"),
        'I' => F(time, "hh"),
        'j' => Digits(time.DayOfYear, 3),
        'k' => Padded(time.Hour),
        'l' => Padded(((time.Hour + 11) % 12) + 1),
        'm' => F(time, "MM"),
        'M' => F(time, "mm"),
        'n' => "\n",
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => $"{F(time, "hh:mm:ss")} {Convert('p', time)}",
        'R' => F(time, "HH:mm"),
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'S' => F(time, "ss"),
        't' => "\t",
        'T' or 'X' => F(time, "HH:mm:ss"),
        'u' => Digits(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek, 1),
        'U' => Digits((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
        'V' => Digits(ISOWeek.GetWeekOfYear(time.DateTime), 2),
        'w' => Digits((int)time.DayOfWeek, 1),
        'W' => Digits((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
        'y' => F(time, "yy"),
        'Y' => F(time, "yyyy"),
        'z' => Zone(time),
        'Z' => ZoneName(time),
        '%' => "%",
        _ => "%" + conversion,
    };

    private static string F(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Digits(int value, int width) => value.ToString("D" + width, CultureInfo.InvariantCulture);

    private static string Padded(int value) => value.ToString(CultureInfo.InvariantCulture).PadLeft(2);

    private static string ZoneName(DateTimeOffset time)
    {
        TimeZoneInfo zone = TimeZoneInfo.Local;
        return zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName;
    }
}
