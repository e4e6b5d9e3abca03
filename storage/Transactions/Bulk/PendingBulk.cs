namespace NeuroDb.Storage;

/// <summary>
/// The way of the pending rows of one table into segments, once they are many. Every full chunk is
/// handed to a <see cref="BulkWriter"/>, so the rows in segments are always the first ones. Only
/// the thread of the transaction uses it, but for <see cref="Dispose"/>.
/// </summary>
internal sealed class PendingBulk(BulkContext context, PendingRows rows) : IDisposable
{
    private readonly Stack<ColumnStore[]> _stores = new();
    private BulkWriter? _writer;
    private int _handedCount;

    /// <summary>The complete segments.</summary>
    public IReadOnlyList<BulkSegment> Segments => _writer?.Segments ?? [];

    /// <summary>The bytes of the rows in complete segments.</summary>
    public long SealedSizeBytes { get; private set; }

    /// <summary>Stores for a new chunk, or null if none are free.</summary>
    public ColumnStore[]? TakeStores() =>
        _stores.TryPop(out ColumnStore[]? stores) ? stores : null;

    /// <summary>Hands full chunks over.</summary>
    public void Spill()
    {
        int full = (int)(rows.Count / Limits.ChunkRowCount);
        while (_handedCount < full)
        {
            Hand();
        }
    }

    /// <summary>
    /// Completes all segments, with the rows of the last chunk if a segment is begun; false if
    /// there are no segments.
    /// </summary>
    public bool Complete()
    {
        if (_writer is null)
        {
            return false;
        }

        if (_handedCount < rows.Chunks.Count && _writer.IsBegun)
        {
            Hand();
        }

        _writer.Complete();
        Collect();
        _stores.Clear();
        return Segments.Count > 0;
    }

    /// <summary>Gives the segments to a commit.</summary>
    public void Give(long timestamp) => _writer?.Give(timestamp);

    /// <summary>
    /// Makes the rows from a position on free to be removed: those before it that share a segment
    /// with them come back into memory.
    /// </summary>
    public void Truncate(long count)
    {
        if (_writer is null || count >= (long)_handedCount * Limits.ChunkRowCount)
        {
            return;
        }

        _writer.Abandon();
        Collect();
        int kept = 0;
        _handedCount = 0;
        while (kept < Segments.Count && Segments[kept].Rows.EndRowId <= count)
        {
            _handedCount += Segments[kept].Chunks.Count;
            kept++;
        }

        foreach (PendingChunk chunk in Segments.Skip(kept).SelectMany(static one => one.Chunks))
        {
            SealedSizeBytes -= chunk.SizeBytes;
        }

        if (kept < Segments.Count)
        {
            long left = count - Segments[kept].Rows.FirstRowId;
            foreach (PendingChunk chunk in Segments[kept].Chunks.Take(RowPart.ChunksOf(
                Math.Max(0, left))))
            {
                chunk.Unseal();
            }
        }

        _writer.RemoveFrom(kept);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();

    private void Hand()
    {
        _writer ??= new BulkWriter(context, rows.Table);
        _writer.Add(rows.Chunks[_handedCount]);
        _handedCount++;
        Collect();
    }

    private void Collect()
    {
        foreach (BulkSegment segment in _writer!.Collect())
        {
            for (int i = 0; i < segment.Chunks.Count; i++)
            {
                PendingChunk chunk = segment.Chunks[i];
                ColumnStore[] stores = chunk.Seal(segment.Rows, i);
                SealedSizeBytes += chunk.SizeBytes;
                if (!rows.IsRead)
                {
                    _stores.Push(stores);
                }
            }
        }
    }
}
