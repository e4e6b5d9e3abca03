namespace NeuroDb.Query;

/// <summary>Finds one end of the frames of all rows.</summary>
internal sealed class WindowFrameEnds(
    WindowRows rows, WindowFrame frame, ExecutionContext context)
{
    /// <summary>Further away than any row, but not so far that a sum overflows.</summary>
    public const long OffsetMax = 1L << 60;

    /// <summary>
    /// For each row, the first row of its frame, or the row after the last one; within the
    /// partition, but an end may lie before its start.
    /// </summary>
    public int[] Find(WindowBound bound, bool isStart)
    {
        switch (bound.Kind)
        {
            case FrameBoundKind.Start:
                return [.. rows.PartitionStart];
            case FrameBoundKind.End:
                return [.. rows.PartitionEnd];
            case FrameBoundKind.Current when frame.Unit == FrameUnit.Rows:
                return [.. Enumerable.Range(isStart ? 0 : 1, rows.Count)];
            case FrameBoundKind.Current:
                return [.. isStart ? rows.PeerStart : rows.PeerEnd];
            default:
                break;
        }

        return frame.Unit switch
        {
            FrameUnit.Rows => ByRows(bound, isStart),
            FrameUnit.Groups => ByGroups(bound, isStart),
            _ => ByRange(bound, isStart),
        };
    }

    /// <summary>How many rows or groups an end lies away.</summary>
    public static long OffsetOf(WindowBound bound, ExecutionContext context)
    {
        Value offset = Conditions.ValueOf(bound.Offset!, context);
        if (offset.IsNull || offset.AsInt64() < 0)
        {
            throw Negative();
        }

        return Math.Min(offset.AsInt64(), OffsetMax);
    }

    /// <summary>Raises an error if the distance of RANGE is none.</summary>
    public static void CheckRangeOffset(WindowBound bound, ExecutionContext context)
    {
        Value offset = Conditions.ValueOf(bound.Offset!, context);
        bool isNegative = offset.IsNull || bound.Offset!.Type.Physical switch
        {
            PhysicalKind.Int64 => offset.AsInt64() < 0,
            PhysicalKind.Double => !(offset.AsDouble() >= 0),
            PhysicalKind.Decimal => offset.AsDecimal() < 0,
            PhysicalKind.Interval => offset.AsInterval() < default(TimeInterval),
            _ => false,
        };
        if (isNegative)
        {
            throw Negative();
        }
    }

    private static NeuroStoreException Negative() => new(
        ErrorCode.NumericOutOfRange, "The offset of a frame may be neither NULL nor negative.");

    private int[] ByRows(WindowBound bound, bool isStart)
    {
        long offset = OffsetOf(bound, context);
        long shift = (bound.Kind == FrameBoundKind.Preceding ? -offset : offset)
            + (isStart ? 0 : 1);
        var ends = new int[rows.Count];
        for (int row = 0; row < ends.Length; row++)
        {
            ends[row] = (int)Math.Clamp(
                row + shift, rows.PartitionStart[row], rows.PartitionEnd[row]);
        }

        return ends;
    }

    private int[] ByGroups(WindowBound bound, bool isStart)
    {
        long offset = OffsetOf(bound, context);
        long shift = bound.Kind == FrameBoundKind.Preceding ? -offset : offset;
        var groupOf = new int[rows.Count];
        var starts = new List<int>();
        for (int row = 0; row < groupOf.Length; row++)
        {
            if (rows.PeerStart[row] == row)
            {
                starts.Add(row);
            }

            groupOf[row] = starts.Count - 1;
        }

        var ends = new int[rows.Count];
        for (int row = 0; row < ends.Length; row++)
        {
            long group = groupOf[row] + shift;
            int edge = group < 0 ? 0
                : group >= starts.Count ? rows.Count
                : isStart ? starts[(int)group]
                : rows.PeerEnd[starts[(int)group]];
            ends[row] = Math.Clamp(edge, rows.PartitionStart[row], rows.PartitionEnd[row]);
        }

        return ends;
    }

    private int[] ByRange(WindowBound bound, bool isStart)
    {
        CheckRangeOffset(bound, context);
        ColumnBuffer keys = frame.RangeKey!.Evaluate(rows.Batch, context);
        ColumnBuffer targets = bound.Target!.Evaluate(rows.Batch, context);
        var ends = new int[rows.Count];
        int first = 0;
        int last = 0;
        for (int row = 0; row < ends.Length; row++)
        {
            if (rows.PartitionStart[row] == row)
            {
                (first, last) = NotNull(keys, row);
            }

            // NULLs are near each other and far from everything else.
            ends[row] = keys.IsNull(row)
                ? isStart ? rows.PeerStart[row] : rows.PeerEnd[row]
                : Search(keys, targets, row, first, last, isStart);
        }

        return ends;
    }

    private (int First, int Last) NotNull(ColumnBuffer keys, int partition)
    {
        int first = partition;
        int last = rows.PartitionEnd[partition];
        while (first < last && keys.IsNull(first))
        {
            first = rows.PeerEnd[first];
        }

        while (first < last && keys.IsNull(last - 1))
        {
            last = rows.PeerStart[last - 1];
        }

        return (first, last);
    }

    private int Search(
        ColumnBuffer keys,
        ColumnBuffer targets,
        int row,
        int first,
        int last,
        bool isStart)
    {
        int low = first;
        int high = last;
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            int sign = ValueOrder.Compare(keys, middle, targets, row);
            sign = frame.IsDescending ? -sign : sign;
            if (isStart ? sign < 0 : sign <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
