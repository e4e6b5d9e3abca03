using System.Collections.Concurrent;
using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Time zones by IANA name or offset, and the conversions between points in time and what clocks
/// there show. Both are microseconds since 1970-01-01; a point in time is counted in UTC.
/// </summary>
internal static class TimeZones
{
    private const int KeptCountMax = 256;

    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Kept =
        new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The zone of a name such as Europe/Berlin, UTC or +02:00.</summary>
    public static TimeZoneInfo Of(string name, SourcePosition position = default) =>
        TryFind(name, out TimeZoneInfo? zone)
            ? zone
            : throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"There is no time zone '{ValueText.Shorten(name)}'; zones have IANA names such as "
                + "Europe/Berlin, or are offsets such as +02:00.",
                position);

    /// <summary>The zone of an offset.</summary>
    public static TimeZoneInfo Of(TimeSpan offset)
    {
        if (offset == TimeSpan.Zero)
        {
            return TimeZoneInfo.Utc;
        }

        bool isValid = offset.Duration() <= TimeSpan.FromHours(14)
            && offset.Ticks % TimeSpan.TicksPerMinute == 0;
        string name = (offset < TimeSpan.Zero ? "-" : "+")
            + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
        return isValid
            ? TimeZoneInfo.CreateCustomTimeZone(name, offset, name, name)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                "A time zone is at most 14 hours, in whole minutes, from UTC.");
    }

    /// <summary>The zone of a name, if there is one.</summary>
    public static bool TryFind(
        string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TimeZoneInfo? zone)
    {
        if (Kept.TryGetValue(name, out zone))
        {
            return true;
        }

        if (TryOffset(name, out TimeSpan offset))
        {
            zone = Of(offset);
        }
        else if (name.ToUpperInvariant() is "UTC" or "GMT" or "Z" or "ZULU")
        {
            zone = TimeZoneInfo.Utc;
        }
        else if (name.Length == 0 || !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone))
        {
            return false;
        }

        if (Kept.Count >= KeptCountMax)
        {
            Kept.Clear();
        }

        Kept[name] = zone;
        return true;
    }

    /// <summary>What a clock in a zone shows at a point in time.</summary>
    public static long ToLocal(long point, TimeZoneInfo zone) =>
        point + MicrosecondsOf(OffsetAt(point, zone));

    /// <summary>
    /// The point in time at which a clock in a zone shows a time. What it never shows, because it
    /// is put forward, is read as if it were not yet; what it shows twice is the second of them.
    /// </summary>
    public static long ToPoint(long local, TimeZoneInfo zone)
    {
        if (ReferenceEquals(zone, TimeZoneInfo.Utc))
        {
            return local;
        }

        long before = MicrosecondsOf(OffsetAt(Near(local, -1), zone));
        long after = MicrosecondsOf(OffsetAt(Near(local, 1), zone));
        bool isAfter = before != after
            && MicrosecondsOf(OffsetAt(Near(local - after, 0), zone)) == after;
        return local - (isAfter ? after : before);
    }

    // A day away, within the years that there are.
    private static long Near(long time, int days) => Math.Clamp(
        time + (days * DateTimeText.MicrosecondsPerDay),
        DateTimeText.Microseconds(DateTime.MinValue),
        DateTimeText.Microseconds(DateTime.MaxValue));

    /// <summary>The offset of a zone at a point in time.</summary>
    public static TimeSpan OffsetAt(long point, TimeZoneInfo zone) =>
        ReferenceEquals(zone, TimeZoneInfo.Utc)
            ? TimeSpan.Zero
            : zone.GetUtcOffset(
                DateTime.SpecifyKind(TimeText.Calendar(point), DateTimeKind.Utc));

    /// <summary>
    /// A point in time and an interval: months and days by the calendar of the zone, the rest as
    /// time that passes.
    /// </summary>
    public static long Add(long point, TimeInterval span, TimeZoneInfo zone)
    {
        long day = span.Months == 0 && span.Days == 0
            ? point
            : ToPoint((span with { Microseconds = 0 }).AddTo(ToLocal(point, zone)), zone);
        return new TimeInterval(0, 0, span.Microseconds).AddTo(day);
    }

    /// <summary>Text of a point in time in a zone, such as 2026-11-20 12:30:00+01.</summary>
    public static string Format(long point, TimeZoneInfo zone)
    {
        if (!DateTimeText.TryDateTime(point, out _))
        {
            return DateTimeText.FormatTimestamp(point);
        }

        TimeSpan offset = OffsetAt(point, zone);
        string sign = offset < TimeSpan.Zero ? "-" : "+";
        string form = offset.Seconds != 0 ? @"hh\:mm\:ss"
            : offset.Minutes != 0 ? @"hh\:mm"
            : "hh";
        return DateTimeText.FormatTimestamp(point + MicrosecondsOf(offset)) + sign
            + offset.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The point in time of a text; without an offset or zone of its own it is of the given one.
    /// </summary>
    public static bool TryParse(string text, TimeZoneInfo zone, out long point)
    {
        string trimmed = text.Trim();
        if (DateTimeParser.TryParseLocal(trimmed, out long local))
        {
            point = ToPoint(local, zone);
            return true;
        }

        if (DateTimeParser.TryParseTimestamp(trimmed, out point))
        {
            return true;
        }

        int last = trimmed.LastIndexOf(' ');
        if (last > 0 && char.IsAsciiLetter(trimmed[last + 1])
            && TryFind(trimmed[(last + 1)..], out TimeZoneInfo? own)
            && DateTimeParser.TryParseLocal(trimmed.AsSpan(0, last), out local))
        {
            point = ToPoint(local, own);
            return true;
        }

        return false;
    }

    private static bool TryOffset(string name, out TimeSpan offset)
    {
        bool isOffset = TimeSpan.TryParseExact(
            name.TrimStart('+', '-'), [@"h\:mm", @"hh\:mm", "%h", "hh"],
            CultureInfo.InvariantCulture, out offset);
        offset = name.StartsWith('-') ? -offset : offset;
        return isOffset && name.Length > 1;
    }

    private static long MicrosecondsOf(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
