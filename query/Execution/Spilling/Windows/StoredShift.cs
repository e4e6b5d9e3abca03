namespace NeuroDb.Query;

/// <summary>lag and lead over rows on disk: as <see cref="WindowValues"/>.</summary>
internal sealed class StoredShift(
    StoredWindowRows rows, WindowCall call, ExecutionContext context) : StoredWindowColumn
{
    private readonly StoredColumn _values = new(rows, call.Arguments[0], context);
    private readonly RankedBits? _present = StoredFrameValue.PresentOf(rows, call, context);

    /// <inheritdoc/>
    public override ColumnBuffer Compute(long first, RowBatch batch)
    {
        ColumnBuffer? offsets = call.Arguments.Count > 1
            ? call.Arguments[1].Evaluate(batch, context)
            : null;
        ColumnBuilder found = ColumnBuilder.Create(call.Type, batch.Count);
        var places = new int[batch.Count];
        int count = 0;
        var others = new int[batch.Count];
        int otherCount = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            if (offsets is not null && offsets.IsNull(i))
            {
                continue;
            }

            long offset = offsets is null ? 1 : ((ColumnBuffer<long>)offsets).Values[i];
            long source = Shift(first + i, WindowValues.DistanceOf(call.Kind, offset));
            if (source < 0)
            {
                others[otherCount++] = i;
                continue;
            }

            _values.AppendTo(found, source);
            places[count++] = i;
        }

        var result = ColumnAssembler.Create(call.Type, batch.Count);
        if (count > 0)
        {
            result.Put(new RowSelection(batch.Count, places, count), found.Build());
        }

        if (call.Arguments.Count > 2 && otherCount > 0)
        {
            var selected = new RowSelection(batch.Count, others, otherCount);
            result.Put(selected, selected.Evaluate(call.Arguments[2], batch, context));
        }

        return result.Build();
    }

    private long Shift(long row, long distance)
    {
        long start = rows.PartitionStart(row);
        long end = rows.PartitionEnd(row);
        if (_present is null || distance == 0)
        {
            return distance >= start - row && distance < end - row ? row + distance : -1;
        }

        // From a row on, the first that is not NULL has the number of those before it, or one more.
        long place = distance > 0
            ? _present.Before(row + 1) + distance - 1
            : _present.Before(row) + distance;
        return place >= _present.Before(start) && place < _present.Before(end)
            ? _present.At(place)
            : -1;
    }
}
