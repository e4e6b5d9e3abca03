namespace NeuroDb.Query;

/// <summary>What is wrong with the shape of a CSV record.</summary>
internal enum CsvFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file ends inside quotes.</summary>
    UnterminatedQuote,

    /// <summary>Text follows a closing quote.</summary>
    TextBehindQuote,
}
