namespace NeuroDb.Storage;

/// <summary>An entry of a run and its row.</summary>
/// <param name="Rows">The rows of the run.</param>
/// <param name="Codes">For each column the codes.</param>
/// <param name="Ordinals">The rows of the codes.</param>
/// <param name="Entry">Which entry.</param>
internal readonly record struct IndexEntryPlace(
    IIndexRows Rows, FlatArray<ulong>[] Codes, FlatArray<int> Ordinals, int Entry)
{
    /// <summary>The row within its chunk.</summary>
    public int Row => Ordinals[Entry] % Limits.ChunkRowCount;

    /// <summary>A column of the chunk of the row.</summary>
    public ColumnStore Column(int ordinal) =>
        Rows.Column(Ordinals[Entry] / Limits.ChunkRowCount, ordinal);
}
