using System.Globalization;

namespace NeuroDb.Tests.Sql;

/// <summary>
/// Rows in a form that compares across engines: numbers by nine significant digits.
/// </summary>
internal static class RowText
{
    /// <summary>The text of a row.</summary>
    public static string Of(IEnumerable<object?> row) => string.Join('|', row.Select(Of));

    private static string Of(object? value) => value switch
    {
        null or DBNull => "NULL",
        string text => $"'{text}'",
        bool truth => truth ? "1" : "0",
        double number => Number(number),
        float number => Number(number),
        decimal number => Number((double)number),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Number(double number) => Math.Abs(number) < 1e15
        && Math.Floor(number) == number
        ? ((long)number).ToString(CultureInfo.InvariantCulture)
        : number.ToString("G9", CultureInfo.InvariantCulture);
}
