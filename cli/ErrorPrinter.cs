using System.Globalization;
using System.Text;

namespace NeuroDb.Cli;

/// <summary>Prints an error with the line it is about and a caret under the place.</summary>
internal static class ErrorPrinter
{
    /// <summary>Prints an error of a statement.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="error">The error.</param>
    /// <param name="sql">The text that its position counts in.</param>
    public static void Print(TextWriter output, Exception error, string sql)
    {
        if (error is not NeuroStoreException failure)
        {
            output.WriteLine($"error: {error.Message}");
            return;
        }

        string number = ((int)failure.Code).ToString("D4", CultureInfo.InvariantCulture);
        output.WriteLine($"error NS-{number}: {failure.Message}");
        string[] lines = sql.Split('\n');
        SourcePosition position = failure.Position;
        if (!position.IsKnown || position.Line > lines.Length)
        {
            return;
        }

        string line = lines[position.Line - 1].TrimEnd('\r');
        int column = Math.Clamp(position.Column - 1, 0, line.Length);
        int length = Math.Clamp(position.Length, 1, Math.Max(line.Length - column, 1));
        string margin = $"{position.Line,4} | ";
        length = Math.Min(length, line.Length - column);
        int width = Math.Max(TextWidth.Of(line.AsSpan(column, length)), 1);
        var indent = new StringBuilder();
        foreach (Rune rune in line.AsSpan(0, column).EnumerateRunes())
        {
            indent.Append(rune.Value == '\t' ? "\t" : new string(' ', TextWidth.Of(rune)));
        }

        output.WriteLine($"{margin}{line}");
        output.WriteLine($"     | {indent}{new string('^', width)}");
    }
}
