namespace NeuroDb.Query;

/// <summary>The functions that number rows, over rows on disk: as <see cref="WindowRanks"/>.
/// </summary>
internal sealed class StoredRank(
    StoredWindowRows rows, WindowCall call, ExecutionContext context) : StoredWindowColumn
{
    private readonly StoredColumn? _counts = call.Kind == WindowKind.Tile
        ? new StoredColumn(rows, call.Arguments[0], context)
        : null;

    /// <inheritdoc/>
    public override ColumnBuffer Compute(long first, RowBatch batch)
    {
        ColumnBuilder builder = ColumnBuilder.Create(call.Type, batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            builder.Append(ValueOf(first + i));
        }

        return builder.Build();
    }

    private Value ValueOf(long row)
    {
        long start = rows.PartitionStart(row);
        long size = rows.PartitionEnd(row) - start;
        return call.Kind switch
        {
            WindowKind.RowNumber => Value.Of(row - start + 1),
            WindowKind.Rank => Value.Of(rows.PeerStart(row) - start + 1),
            WindowKind.DenseRank =>
                Value.Of(rows.Peers.Before(row + 1) - rows.Peers.Before(start)),
            WindowKind.PercentRank => Value.Of(
                size == 1 ? 0 : (double)(rows.PeerStart(row) - start) / (size - 1)),
            WindowKind.CumulativeDistribution =>
                Value.Of((double)(rows.PeerEnd(row) - start) / size),
            _ => _counts!.IsNull(start)
                ? Value.Null
                : Value.Of(WindowRanks.TileOf(
                    row - start, size, _counts.ValueAt(start).AsInt64())),
        };
    }
}
