using System.Globalization;
using System.Text;

namespace NeuroDb.Cli;

/// <summary>Prints rows as aligned columns: numbers to the right, long values cut.</summary>
/// <remarks>A lone column is never cut: it is a plan or a text that is to be read.</remarks>
internal static class TablePrinter
{
    private const int WidthMax = 60;

    // Rows are measured and printed in blocks, so that a large result is not held in memory.
    private const int BlockRowCount = 1000;

    /// <summary>Prints a header, all rows and their count.</summary>
    public static void Print(ResultReader reader, TextWriter output)
    {
        int count = reader.FieldCount;
        int widthMax = count == 1 ? int.MaxValue : WidthMax;
        var widths = new int[count];
        var isNumber = new bool[count];
        var header = new string[count];
        for (int i = 0; i < count; i++)
        {
            header[i] = Cell(reader.GetName(i), widthMax);
            widths[i] = TextWidth.Of(header[i]);
            isNumber[i] = reader.GetDataType(i).IsNumeric;
        }

        List<string[]> block = ReadBlock(reader, widths, widthMax);
        string rule = $"+{string.Concat(widths.Select(width => new string('-', width + 2) + "+"))}";
        output.WriteLine(rule);
        WriteRow(output, header, widths, new bool[count]);
        output.WriteLine(rule);
        long rowCount = 0;
        while (block.Count > 0)
        {
            foreach (string[] row in block)
            {
                WriteRow(output, row, widths, isNumber);
            }

            rowCount += block.Count;
            block = ReadBlock(reader, widths, widthMax);
        }

        output.WriteLine(rule);
        output.WriteLine(rowCount == 1 ? "1 row" : string.Create(
            CultureInfo.InvariantCulture, $"{rowCount} rows"));
    }

    /// <summary>The next rows; columns widen where they must.</summary>
    private static List<string[]> ReadBlock(ResultReader reader, int[] widths, int widthMax)
    {
        var rows = new List<string[]>();
        while (rows.Count < BlockRowCount && reader.Read())
        {
            var row = new string[widths.Length];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsNull(i) ? "NULL" : Cell(ValueText.Of(reader, i), widthMax);
                widths[i] = Math.Max(widths[i], TextWidth.Of(row[i]));
            }

            rows.Add(row);
        }

        return rows;
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths, bool[] isRight)
    {
        var line = new StringBuilder("|");
        for (int i = 0; i < cells.Length; i++)
        {
            int padding = widths[i] - TextWidth.Of(cells[i]);
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
            width += TextWidth.Of(rune);
            if (width > widthMax)
            {
                return cell.Append("...").ToString();
            }

            cell.Append(Rune.IsControl(rune) ? new Rune(' ') : rune);
        }

        return cell.ToString();
    }
}
