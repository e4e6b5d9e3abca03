using System.Globalization;
using System.Text;

namespace NeuroDb.Cli;

/// <summary>Prints rows as aligned columns: numbers to the right, long values cut.</summary>
/// <remarks>A lone column is never cut: it is a plan or a text that is to be read.</remarks>
internal static class TablePrinter
{
    private const int WidthMax = 60;

    /// <summary>Prints a header, all rows and their count.</summary>
    public static void Print(ResultReader reader, TextWriter output)
    {
        int count = reader.FieldCount;
        int widthMax = count == 1 ? int.MaxValue : WidthMax;
        var rows = new List<string[]>();
        var widths = new int[count];
        var isNumber = new bool[count];
        var header = new string[count];
        for (int i = 0; i < count; i++)
        {
            header[i] = Cell(reader.GetName(i), widthMax);
            widths[i] = WidthOf(header[i]);
            isNumber[i] = reader.GetDataType(i).IsNumeric;
        }

        while (reader.Read())
        {
            var row = new string[count];
            for (int i = 0; i < count; i++)
            {
                row[i] = reader.IsNull(i) ? "NULL" : Cell(ValueText.Of(reader, i), widthMax);
                widths[i] = Math.Max(widths[i], WidthOf(row[i]));
            }

            rows.Add(row);
        }

        string rule = $"+{string.Concat(widths.Select(width => new string('-', width + 2) + "+"))}";
        output.WriteLine(rule);
        WriteRow(output, header, widths, new bool[count]);
        output.WriteLine(rule);
        foreach (string[] row in rows)
        {
            WriteRow(output, row, widths, isNumber);
        }

        output.WriteLine(rule);
        output.WriteLine(rows.Count == 1 ? "1 row" : string.Create(
            CultureInfo.InvariantCulture, $"{rows.Count} rows"));
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths, bool[] isRight)
    {
        var line = new StringBuilder("|");
        for (int i = 0; i < cells.Length; i++)
        {
            int padding = widths[i] - WidthOf(cells[i]);
            line.Append(' ').Append(' ', isRight[i] ? padding : 0).Append(cells[i])
                .Append(' ', isRight[i] ? 0 : padding).Append(" |");
        }

        output.WriteLine(line);
    }

    private static string Cell(string text, int widthMax)
    {
        var cell = new StringBuilder();
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
            if (width > widthMax)
            {
                return cell.Append("...").ToString();
            }

            cell.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        }

        return cell.ToString();
    }

    private static int WidthOf(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
        }

        return width;
    }

    /// <summary>
    /// The columns of a terminal that a character takes: 0 for combining marks, 2 for the East
    /// Asian wide ranges and pictographs (Unicode Standard Annex 11), else 1.
    /// </summary>
    private static int WidthOf(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format => 0,
        _ => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF)
            or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60)
            or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x1F300 and <= 0x1FAFF)
            or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1,
    };
}
