using System;
using Thimble.Crypto;

namespace Thimble.X509;

/// <summary>The two forms of time of RFC 5280 §4.1.2.5, as seconds since 1970.</summary>
internal static class ValidityTime
{
    private const uint SecondsPerDay = 86_400;

    /// <summary>Days from 0000-03-01 to 1970-01-01.</summary>
    private const uint EpochDays = 719_468;

    private static ReadOnlySpan<byte> DaysOfMonth => [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>
    /// Reads YYMMDDHHMMSSZ (1950 to 2049) or YYYYMMDDHHMMSSZ (2050 on, the only years that RFC 5280 gives that form).
    /// Seconds, and Z for Greenwich, are required; fractions and leap seconds are refused.
    /// </summary>
    public static bool TryParse(byte tag, ReadOnlySpan<byte> text, out long unixSeconds)
    {
        int yearBytes = tag == DerTag.UtcTime ? 2 : 4;
        bool isTime = TryParse(yearBytes, text, out uint year, out unixSeconds);
        return isTime && (yearBytes == 2 || year >= 2050);
    }

    /// <summary>Reads YYYYMMDDHHMMSSZ of any year, the only form in OCSP (RFC 6960 §4.2.2.1).</summary>
    public static bool TryParseGeneralized(ReadOnlySpan<byte> text, out long unixSeconds) => TryParse(4, text, out _, out unixSeconds);

    private static bool TryParse(int yearBytes, ReadOnlySpan<byte> text, out uint year, out long unixSeconds)
    {
        unixSeconds = 0;
        year = 0;
        if (text.Length != yearBytes + 11 || text[^1] != (byte)'Z')
        {
            return false;
        }

        foreach (byte digit in text[..^1])
        {
            if ((uint)(digit - '0') > 9)
            {
                return false;
            }
        }

        year = Pair(text, yearBytes - 2);
        year += yearBytes == 4 ? Pair(text, 0) * 100 : year < 50 ? 2000u : 1900u;
        return TryCombine(year, text[yearBytes..], out unixSeconds);
    }

    /// <summary>The day of a time, counted from 1970; 0 for what lies before. Times up to the year 9999 fit.</summary>
    public static uint Day(long unixSeconds) => unixSeconds < 0 ? 0 : (uint)(unixSeconds >> 7) / (SecondsPerDay >> 7);

    /// <summary>The minute of a time, counted from 1970; 0 for what lies before, and the last that fits for what lies after the year 2514.</summary>
    public static uint Minute(long unixSeconds) => unixSeconds < 0 ? 0 : unixSeconds >> 2 > uint.MaxValue ? uint.MaxValue / 15 : (uint)(unixSeconds >> 2) / 15;

    private static bool TryCombine(uint year, ReadOnlySpan<byte> rest, out long unixSeconds)
    {
        unixSeconds = 0;
        uint month = Pair(rest, 0), day = Pair(rest, 2), hour = Pair(rest, 4), minute = Pair(rest, 6), second = Pair(rest, 8);
        if (month is < 1 or > 12 || day < 1 || day > Days(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        // Years that begin in March put the leap day last; 153 days are the five months from March to July.
        uint march = month > 2 ? year : year - 1;
        uint dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        uint days = (march * 365) + (march / 4) - (march / 100) + (march / 400) + dayOfYear;
        unixSeconds = (long)WideMultiply.Public(days, SecondsPerDay) - ((long)EpochDays * SecondsPerDay) + (hour * 3600) + (minute * 60) + second;
        return true;
    }

    private static uint Days(uint year, uint month) =>
        month == 2 && (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0) ? 29u : DaysOfMonth[(int)month - 1];

    private static uint Pair(ReadOnlySpan<byte> text, int at) => (uint)(((text[at] - '0') * 10) + text[at + 1] - '0');
}
