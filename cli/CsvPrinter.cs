namespace NeuroDb.Cli;

/// <summary>
/// Prints comma-separated values after RFC 4180: CR LF between records, quotes where a value needs
/// them. NULL is empty; an empty text is quoted, so that the two differ.
/// </summary>
internal static class CsvPrinter
{
    /// <summary>Prints a header and all rows.</summary>
    public static void Print(ResultReader reader, TextWriter output)
    {
        for (int i = 0; i < reader.FieldCount; i++)
        {
            output.Write(i == 0 ? string.Empty : ",");
            output.Write(Quote(reader.GetName(i)));
        }

        output.Write("\r\n");
        while (reader.Read())
        {
            for (int i = 0; i < reader.FieldCount; i++)
            {
                output.Write(i == 0 ? string.Empty : ",");
                output.Write(reader.IsNull(i) ? string.Empty : Quote(ValueText.Of(reader, i)));
            }

            output.Write("\r\n");
        }
    }

    private static string Quote(string text) =>
        text.Length > 0 && text.AsSpan().IndexOfAny(",\"\r\n") < 0
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
