namespace NeuroDb.Storage;

/// <summary>
/// The large values of a damaged database: those that are whole are copied with their rows, the
/// others are values that their rows have lost.
/// </summary>
/// <param name="files">Opens them.</param>
/// <param name="losses">Takes what is lost.</param>
internal sealed class LargeValueSalvage(LargeValueFiles files, LossList losses)
{
    /// <summary>Opens the values.</summary>
    public ILargeValues Source => files;

    /// <summary>The value of a row, a large one by its reference.</summary>
    public Value ValueOf(ColumnStore store, int row) =>
        store.HasLarge && !store.IsNull(row) && store.TryGetLarge(row, out LargeReference reference)
            ? Value.OfLarge(store.Type.Kind, new LargeValue(reference, files))
            : store.ValueAt(row);

    /// <summary>Marks values as lost whose files are not whole.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">Its columns.</param>
    /// <param name="chunk">The rows.</param>
    /// <param name="rows">Those that count.</param>
    public SalvagedChunk Check(
        string table, TableSchema schema, SalvagedChunk chunk, List<int> rows)
    {
        bool[]?[] lost = [.. chunk.Lost];
        for (int column = 0; column < lost.Length; column++)
        {
            ColumnStore? store = chunk.Columns[column];
            if (store is not { HasLarge: true })
            {
                continue;
            }

            foreach (int row in rows.Where(row => lost[column]?[row] != true))
            {
                if (!store.IsNull(row)
                    && store.TryGetLarge(row, out LargeReference reference)
                    && !losses.Try(
                        table,
                        $"the value of column {schema.Columns[column].Name} is lost",
                        () => files.Verify(reference, CancellationToken.None)))
                {
                    // The masks of the chunk are not ours.
                    bool[] mask = lost[column] is { } known ? [.. known] : new bool[store.Capacity];
                    mask[row] = true;
                    lost[column] = mask;
                }
            }
        }

        return chunk with { Lost = lost };
    }
}
