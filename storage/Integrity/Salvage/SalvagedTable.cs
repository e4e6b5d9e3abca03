namespace NeuroDb.Storage;

/// <summary>What is found of a table: its segments, and what the log says on top of them.</summary>
internal sealed class SalvagedTable(int id, TableSchema schema)
{
    /// <summary>The number of the table.</summary>
    public int Id { get; } = id;

    /// <summary>The definition.</summary>
    public TableSchema Schema { get; set; } = schema;

    /// <summary>The segments, in the order of their row numbers.</summary>
    public List<SalvagedPart> Parts { get; } = [];

    /// <summary>What the log appended, in the order of the row numbers.</summary>
    public List<SalvagedRows> Rows { get; } = [];

    /// <summary>The rows that the log ended.</summary>
    public HashSet<long> Ended { get; } = [];

    /// <summary>
    /// The number after the last row that is in segments; the log may repeat rows below it.
    /// </summary>
    public long SealedEnd { get; set; }
}
