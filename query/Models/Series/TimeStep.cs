namespace NeuroDb.Query;

/// <summary>
/// How far times of a series lie from each other: a number of months where days of the month stay
/// the same, otherwise the distance that most have.
/// </summary>
/// <param name="Months">Months; 0 where the distance counts.</param>
/// <param name="Distance">The distance as a number of the type.</param>
/// <param name="Others">How many distances are others.</param>
internal readonly record struct TimeStep(int Months, long Distance, int Others)
{
    private const long DayMicroseconds = 24L * 60 * 60 * 1_000_000;
    private const int TicksPerMicrosecond = 10;

    /// <summary>The step of rising times.</summary>
    public static TimeStep Of(IReadOnlyList<long> times, DataType type)
    {
        if (times.Count < 2)
        {
            return new TimeStep(0, 1, 0);
        }

        var counts = new Dictionary<long, int>();
        for (int i = 1; i < times.Count; i++)
        {
            long distance = times[i] - times[i - 1];
            counts[distance] = counts.GetValueOrDefault(distance) + 1;
        }

        if (counts.Count > 1 && MonthsOf(times, type) is int months and > 0)
        {
            return new TimeStep(months, 0, 0);
        }

        long usual = counts.OrderByDescending(static it => it.Value)
            .ThenBy(static it => it.Key).First().Key;
        return new TimeStep(0, usual, times.Count - 1 - counts[usual]);
    }

    /// <summary>The time that lies so many steps behind another one.</summary>
    public long After(long time, int steps, DataType type)
    {
        if (Months == 0)
        {
            return time + (Distance * steps);
        }

        long rest = type.Kind == TypeKind.Date ? 0 : Rest(time);
        DateTime day = DayOf(time, type).AddMonths(Months * steps);
        long days = (long)(day - DateTime.UnixEpoch).TotalDays;
        return type.Kind == TypeKind.Date ? days : (days * DayMicroseconds) + rest;
    }

    private static int MonthsOf(IReadOnlyList<long> times, DataType type)
    {
        if (type.Kind is not (TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz))
        {
            return 0;
        }

        int months = 0;
        for (int i = 1; i < times.Count; i++)
        {
            DateTime before = DayOf(times[i - 1], type);
            DateTime after = DayOf(times[i], type);
            int between = ((after.Year - before.Year) * 12) + after.Month - before.Month;
            bool isSame = before.Day == after.Day
                && (type.Kind == TypeKind.Date || Rest(times[i - 1]) == Rest(times[i]));
            if (!isSame || between == 0 || (months != 0 && between != months))
            {
                return 0;
            }

            months = between;
        }

        return months;
    }

    private static long Rest(long time) =>
        ((time % DayMicroseconds) + DayMicroseconds) % DayMicroseconds;

    private static DateTime DayOf(long time, DataType type) => type.Kind == TypeKind.Date
        ? DateTime.UnixEpoch.AddDays(time)
        : DateTime.UnixEpoch.AddTicks((time - Rest(time)) * TicksPerMicrosecond);
}
