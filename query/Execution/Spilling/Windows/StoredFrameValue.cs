namespace NeuroDb.Query;

/// <summary>
/// first_value, last_value and nth_value over rows on disk: as <see cref="WindowValues"/>.
/// </summary>
internal sealed class StoredFrameValue(
    StoredWindowRows rows, WindowCall call, ExecutionContext context) : StoredWindowColumn
{
    private readonly StoredFrames _frames = new(rows, call.Frame!, context);
    private readonly StoredColumn _values = new(rows, call.Arguments[0], context);
    private readonly RankedBits? _present = PresentOf(rows, call, context);

    /// <summary>
    /// The rows whose first argument is not NULL; null where a function passes over none.
    /// </summary>
    public static RankedBits? PresentOf(
        StoredWindowRows rows, WindowCall call, ExecutionContext context)
    {
        if (!call.IgnoresNulls)
        {
            return null;
        }

        var present = new RankedBits();
        for (int block = 0; block < rows.Stored.BlockCount; block++)
        {
            context.ThrowIfCancelled();
            ColumnBuffer values = call.Arguments[0].Evaluate(rows.Stored.Block(block), context);
            for (int row = 0; row < values.Count; row++)
            {
                present.Add(!values.IsNull(row));
            }
        }

        return present;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Compute(long first, RowBatch batch)
    {
        ColumnBuffer? numbers = call.Kind == WindowKind.Nth
            ? call.Arguments[1].Evaluate(batch, context)
            : null;
        ColumnBuilder result = ColumnBuilder.Create(call.Type, batch.Count);
        Span<(long Start, long End)> pieces =
            stackalloc (long, long)[FramePieces.CountMax];
        for (int i = 0; i < batch.Count; i++)
        {
            int count = _frames.Pieces(first + i, pieces);
            long source = call.Kind switch
            {
                WindowKind.First => Nth(pieces[..count], 1),
                WindowKind.Last => Last(pieces[..count]),
                _ => numbers!.IsNull(i)
                    ? -1
                    : Nth(pieces[..count], WindowValues.Number(
                        ((ColumnBuffer<long>)numbers).Values[i])),
            };
            if (source < 0)
            {
                result.AppendNull();
            }
            else
            {
                _values.AppendTo(result, source);
            }
        }

        return result.Build();
    }

    private long Nth(ReadOnlySpan<(long Start, long End)> pieces, long number)
    {
        foreach ((long start, long end) in pieces)
        {
            long first = _present is null ? start : _present.Before(start);
            long count = (_present is null ? end : _present.Before(end)) - first;
            if (number <= count)
            {
                long place = first + number - 1;
                return _present is null ? place : _present.At(place);
            }

            number -= count;
        }

        return -1;
    }

    private long Last(ReadOnlySpan<(long Start, long End)> pieces)
    {
        for (int i = pieces.Length - 1; i >= 0; i--)
        {
            (long start, long end) = pieces[i];
            if (_present is null)
            {
                return end - 1;
            }

            if (_present.Before(end) > _present.Before(start))
            {
                return _present.At(_present.Before(end) - 1);
            }
        }

        return -1;
    }
}
