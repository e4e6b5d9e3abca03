namespace NeuroDb.Cli;

/// <summary>Prints the rows of a reader in one of the formats.</summary>
internal static class RowPrinter
{
    /// <summary>Prints all rows that are left.</summary>
    public static void Print(ResultReader reader, OutputFormat format, TextWriter output)
    {
        switch (format)
        {
            case OutputFormat.Csv:
                CsvPrinter.Print(reader, output);
                break;
            case OutputFormat.Json:
                JsonPrinter.Print(reader, output);
                break;
            default:
                TablePrinter.Print(reader, output);
                break;
        }
    }
}
