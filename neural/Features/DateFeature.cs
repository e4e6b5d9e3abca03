namespace NeuroDb.Neural;

/// <summary>
/// What a calendar says of a day or a time: the year in decades from 2000, and the places in the
/// year, the month, the week and (of times) the day, each as sine and cosine, so that its end is
/// near its beginning.
/// </summary>
internal sealed class DateFeature(bool isTime) : DerivedFeature
{
    /// <summary>The size of a transform of times in microseconds; days have another.</summary>
    public const int TimeSize = 2;

    private const double DayMicroseconds = 86_400_000_000;
    private const double WeekDays = 7;
    private const double DaysMax = 2_932_896;
    private const double DaysMin = -719_162;

    private static readonly string[] Names =
    [
        "year", "season_sin", "season_cos", "month_day_sin", "month_day_cos", "week_day_sin",
        "week_day_cos", "hour_sin", "hour_cos",
    ];

    /// <inheritdoc/>
    public override int Length => isTime ? 9 : 7;

    /// <inheritdoc/>
    public override bool TryApply(RawRows rows, int column, int row, Span<float> output)
    {
        double number = rows.Numbers[column][row];
        double days = Math.Floor(isTime ? number / DayMicroseconds : number);
        if (!(days is >= DaysMin and <= DaysMax))
        {
            return false;
        }

        DateTime date = DateTime.UnixEpoch.AddDays(days);
        int monthDays = DateTime.DaysInMonth(date.Year, date.Month);
        int yearDays = DateTime.IsLeapYear(date.Year) ? 366 : 365;
        double season = (date.DayOfYear - 1.0) / yearDays;
        output[0] = (float)((date.Year - 2000 + season) / 10);
        Turn(season, output[1..]);
        Turn((date.Day - 1.0) / monthDays, output[3..]);
        Turn((int)date.DayOfWeek / WeekDays, output[5..]);
        if (isTime)
        {
            Turn((number - (days * DayMicroseconds)) / DayMicroseconds, output[7..]);
        }

        return true;
    }

    /// <inheritdoc/>
    public override string NameOf(string column, int output) => $"{column}.{Names[output]}";

    private static void Turn(double share, Span<float> output)
    {
        (double sin, double cos) = Math.SinCos(2 * Math.PI * share);
        output[0] = (float)sin;
        output[1] = (float)cos;
    }
}
