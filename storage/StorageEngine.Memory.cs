namespace NeuroDb.Storage;

/// <content>The memory of rows, beside checkpoints.</content>
internal sealed partial class StorageEngine
{
    private static DeltaMemory DeltasOf(
        TransactionReplay replay, SegmentStore? store, IWorkers workers)
    {
        var deltas = new DeltaMemory(store?.Buffers, workers);
        foreach (TableEntry table in replay.State.Catalog.Tables)
        {
            deltas.Grow(table.Rows.Layout.Active);
        }

        return deltas;
    }

    private void ReleaseReplaced() => _pipeline.Deltas.Release(Layouts.Generations.OldestNumber);

    // Transactions that were not ended may go on reading rows: what they keep is the collector's.
    private void ReleaseRows()
    {
        Generation last;
        lock (_writer.Gate)
        {
            last = _writer.States.Applied.Generation;
            if (!last.TryClose())
            {
                return;
            }
        }

        if (last.Chain.OldestNumber == last.Number)
        {
            foreach (TableEntry table in _writer.States.Applied.Catalog.Tables)
            {
                foreach (RowPart part in table.Rows.Layout.Parts)
                {
                    (part as RowDelta)?.Release();
                }
            }
        }
    }
}
