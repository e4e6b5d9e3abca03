namespace NeuroDb.Query;

/// <summary>The options of a COPY, read and checked.</summary>
internal sealed record CopyOptions
{
    /// <summary>The format of the file.</summary>
    public CopyFormat Format { get; init; }

    /// <summary>What the first line of a CSV file is.</summary>
    public CopyHeader Header { get; init; }

    /// <summary>The byte between fields.</summary>
    public byte Delimiter { get; init; } = (byte)',';

    /// <summary>The byte around fields; 0 for none.</summary>
    public byte Quote { get; init; } = (byte)'"';

    /// <summary>The byte before a quote inside quotes; the quote itself by default.</summary>
    public byte Escape { get; init; } = (byte)'"';

    /// <summary>The unquoted text that stands for NULL, in UTF-8.</summary>
    public byte[] NullText { get; init; } = [];

    /// <summary>Whether every text that is written stands in quotes.</summary>
    public bool QuotesAll { get; init; }

    /// <summary>What happens to a row that cannot be stored.</summary>
    public CopyErrorAction OnError { get; init; }

    /// <summary>The most rows that may be left out.</summary>
    public long ErrorCountMax { get; init; } = long.MaxValue;

    /// <summary>The table that takes rejected rows; null for a file.</summary>
    public string? RejectsTable { get; init; }

    /// <summary>The file that takes rejected rows; null for one beside the source.</summary>
    public string? RejectsFile { get; init; }

    /// <summary>Whether fields and properties that no column has are left out.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>The file of labels beside a file of images; null without one.</summary>
    public string? LabelsFile { get; init; }

    /// <summary>The tensor of a safetensors file; null for the only one.</summary>
    public string? Tensor { get; init; }

    /// <summary>The identifier of the first vector, where vectors get identifiers.</summary>
    public long FirstId { get; init; }
}
