namespace NeuroDb.Query;

/// <summary>Rows that an execution keeps under a name; its users lock it.</summary>
internal sealed class KeptRows
{
    /// <summary>The rows; null before there are any.</summary>
    public RowSpool? Rows { get; set; }
}
