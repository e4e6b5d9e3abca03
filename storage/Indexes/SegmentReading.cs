namespace NeuroDb.Storage;

/// <summary>
/// Something of a segment that is read on the thread of an <see cref="IndexBuildHost"/>, so that no
/// statement waits for it. The transaction of the host keeps the file; a segment that is no part of
/// a table any more is left alone.
/// </summary>
internal sealed class SegmentReading(SegmentFile file, Action read) : IBackgroundIndex
{
    /// <inheritdoc/>
    public void Build(StorageTransaction transaction, CancellationToken cancellation)
    {
        EngineState state = transaction.State;
        foreach (TableEntry table in state.Catalog.Tables)
        {
            foreach (RowPart part in state.Generation.LayoutOf(table.Rows).Parts)
            {
                if (part is SealedRows rows && ReferenceEquals(rows.File, file))
                {
                    read();
                    return;
                }
            }
        }
    }
}
