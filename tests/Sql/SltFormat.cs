using System.Globalization;
using System.Text;

namespace NeuroDb.Tests.Sql;

/// <summary>Prints values as the sqllogictest suites expect them.</summary>
internal static class SltFormat
{
    /// <summary>
    /// One value: I as an integer, R with three decimals, T as text with "(empty)" for the empty
    /// text and '@' for characters that do not print. Booleans print as 1 and 0.
    /// </summary>
    public static string Format(object? value, char type)
    {
        if (value is null or DBNull)
        {
            return "NULL";
        }

        return type switch
        {
            'I' => FormatInteger(value),
            'R' => Convert.ToDouble(value, CultureInfo.InvariantCulture)
                .ToString("F3", CultureInfo.InvariantCulture),
            _ => FormatText(value),
        };
    }

    private static string FormatInteger(object value) => value switch
    {
        bool truth => truth ? "1" : "0",
        double number => Truncate(number),
        float number => Truncate(number),
        decimal number => decimal.Truncate(number).ToString(CultureInfo.InvariantCulture),
        string text => long.TryParse(text, CultureInfo.InvariantCulture, out long integer)
            ? integer.ToString(CultureInfo.InvariantCulture)
            : "0",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Truncate(double number) =>
        ((long)number).ToString(CultureInfo.InvariantCulture);

    private static string FormatText(object value)
    {
        string text = value switch
        {
            bool truth => truth ? "1" : "0",
            byte[] bytes => Convert.ToHexString(bytes),
            float[] vector => VectorText(vector),
            ReadOnlyMemory<float> vector => VectorText(vector.Span),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimeSpan time => new TimeOnly(time.Ticks).ToString(
                "HH:mm:ss.FFFFFF", CultureInfo.InvariantCulture),
            DateTime time => time.ToString(
                time.Ticks % TimeSpan.TicksPerSecond == 0
                    ? "yyyy-MM-dd HH:mm:ss"
                    : "yyyy-MM-dd HH:mm:ss.FFFFFF",
                CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        if (text.Length == 0)
        {
            return "(empty)";
        }

        var printable = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            printable.Append(char.IsControl(c) ? '@' : c);
        }

        return printable.ToString();
    }

    private static string VectorText(ReadOnlySpan<float> vector)
    {
        var text = new StringBuilder("[");
        foreach (float element in vector)
        {
            text.Append(text.Length > 1 ? "," : "")
                .Append(element.ToString("R", CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
