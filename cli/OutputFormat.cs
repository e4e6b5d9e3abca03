namespace NeuroDb.Cli;

/// <summary>How rows are printed.</summary>
internal enum OutputFormat
{
    /// <summary>Aligned columns in a frame.</summary>
    Table = 0,

    /// <summary>Comma-separated values after RFC 4180, with a header.</summary>
    Csv = 1,

    /// <summary>One JSON object a row, each on a line.</summary>
    Json = 2,
}
