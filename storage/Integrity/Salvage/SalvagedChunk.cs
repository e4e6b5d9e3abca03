namespace NeuroDb.Storage;

/// <summary>What is left of a chunk.</summary>
/// <param name="Columns">The columns; in the place of a lost value anything may stand.</param>
/// <param name="Lost">For each column the rows whose value is lost; null if none is.</param>
internal sealed record SalvagedChunk(ColumnStore[] Columns, bool[]?[] Lost)
{
    /// <summary>Whether all values of all rows are there.</summary>
    public bool IsWhole => Array.TrueForAll(Lost, static lost => lost is null);

    /// <summary>How many values of a row are lost.</summary>
    public int LostCount(int row) => Lost.Count(lost => lost is not null && lost[row]);
}
