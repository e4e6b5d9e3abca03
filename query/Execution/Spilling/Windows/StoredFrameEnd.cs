namespace NeuroDb.Query;

/// <summary>Finds one end of the frames of rows on disk, for one row after the other.</summary>
internal sealed class StoredFrameEnd
{
    private readonly StoredWindowRows _rows;
    private readonly WindowFrame _frame;
    private readonly WindowBound _bound;
    private readonly bool _isStart;
    private readonly long _offset;
    private readonly StoredColumn? _keys;
    private readonly StoredColumn? _sought;
    private readonly StoredColumn? _targets;
    private long _partition = -1;
    private long _place;

    /// <summary>Evaluates the offset, if there is one.</summary>
    public StoredFrameEnd(
        StoredWindowRows rows,
        WindowFrame frame,
        WindowBound bound,
        bool isStart,
        ExecutionContext context)
    {
        _rows = rows;
        _frame = frame;
        _bound = bound;
        _isStart = isStart;
        if (bound.Offset is null)
        {
            return;
        }

        if (frame.Unit != FrameUnit.Range)
        {
            _offset = WindowFrameEnds.OffsetOf(bound, context);
            return;
        }

        // One reader follows the rows, the other one the ends of their frames.
        WindowFrameEnds.CheckRangeOffset(bound, context);
        _keys = new StoredColumn(rows, frame.RangeKey!, context);
        _sought = new StoredColumn(rows, frame.RangeKey!, context);
        _targets = new StoredColumn(rows, bound.Target!, context);
    }

    /// <summary>
    /// The first row of the frame of a row, or the row after its last one; within the partition,
    /// but an end may lie before its start. Rows are asked for in order.
    /// </summary>
    public long Of(long row) => _bound.Kind switch
    {
        FrameBoundKind.Start => _rows.PartitionStart(row),
        FrameBoundKind.End => _rows.PartitionEnd(row),
        FrameBoundKind.Current when _frame.Unit == FrameUnit.Rows => row + (_isStart ? 0 : 1),
        FrameBoundKind.Current => _isStart ? _rows.PeerStart(row) : _rows.PeerEnd(row),
        _ => _frame.Unit switch
        {
            FrameUnit.Rows => ByRows(row),
            FrameUnit.Groups => ByGroups(row),
            _ => ByRange(row),
        },
    };

    private long Shift => _bound.Kind == FrameBoundKind.Preceding ? -_offset : _offset;

    private long ByRows(long row) => Clamp(row, row + Shift + (_isStart ? 0 : 1));

    private long ByGroups(long row)
    {
        RankedBits peers = _rows.Peers;
        long group = peers.Before(row + 1) - 1 + Shift;
        long edge = group < 0 ? 0
            : group >= peers.SetCount ? _rows.Count
            : _isStart ? peers.At(group)
            : peers.Next(peers.At(group));
        return Clamp(row, edge);
    }

    private long Clamp(long row, long edge) =>
        Math.Clamp(edge, _rows.PartitionStart(row), _rows.PartitionEnd(row));

    private long ByRange(long row)
    {
        // NULLs are near each other and far from everything else.
        if (_keys!.IsNull(row))
        {
            return _isStart ? _rows.PeerStart(row) : _rows.PeerEnd(row);
        }

        long partition = _rows.PartitionStart(row);
        if (partition != _partition)
        {
            _partition = partition;
            _place = _sought!.IsNull(partition) ? _rows.PeerEnd(partition) : partition;
        }

        ColumnBuffer targets = _targets!.Block(StoredRows.BlockOf(row));
        int target = StoredRows.PlaceOf(row);
        long end = _rows.PartitionEnd(row);
        while (_place < end && IsBefore(targets, target))
        {
            _place++;
        }

        return _place;
    }

    // Whether the row at the place lies before the end that is sought.
    private bool IsBefore(ColumnBuffer targets, int target)
    {
        ColumnBuffer keys = _sought!.Block(StoredRows.BlockOf(_place));
        int place = StoredRows.PlaceOf(_place);
        if (keys.IsNull(place))
        {
            return false;
        }

        int sign = ValueOrder.Compare(keys, place, targets, target);
        sign = _frame.IsDescending ? -sign : sign;
        return _isStart ? sign < 0 : sign <= 0;
    }
}
