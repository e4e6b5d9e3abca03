namespace NeuroDb.Query;

/// <summary>
/// The functions that give the value of another row: lag and lead of the partition, first_value,
/// last_value and nth_value of the frame. Rows are found by number; with IGNORE NULLS, by number
/// among the rows that are not NULL.
/// </summary>
internal sealed class WindowValues
{
    private readonly WindowRows _rows;
    private readonly WindowCall _call;
    private readonly ExecutionContext _context;
    private readonly ColumnBuffer _values;
    private readonly int[]? _before;
    private readonly int[] _present = [];

    /// <summary>Evaluates the first argument of all rows.</summary>
    public WindowValues(WindowRows rows, WindowCall call, ExecutionContext context)
    {
        _rows = rows;
        _call = call;
        _context = context;
        _values = call.Arguments[0].Evaluate(rows.Batch, context);
        if (!call.IgnoresNulls)
        {
            return;
        }

        // How many rows before each are not NULL, and which they are.
        _before = new int[rows.Count + 1];
        var present = new List<int>();
        for (int row = 0; row < rows.Count; row++)
        {
            _before[row] = present.Count;
            if (!_values.IsNull(row))
            {
                present.Add(row);
            }
        }

        _before[rows.Count] = present.Count;
        _present = [.. present];
    }

    /// <summary>One result for each row.</summary>
    public ColumnBuffer Compute() =>
        _call.Kind is WindowKind.Lag or WindowKind.Lead ? Shifted() : Framed();

    private ColumnBuffer Shifted()
    {
        ColumnBuffer? offsets = _call.Arguments.Count > 1
            ? _call.Arguments[1].Evaluate(_rows.Batch, _context)
            : null;
        var sources = new int[_rows.Count];
        var others = new int[_rows.Count];
        int otherCount = 0;
        var nulls = new bool[_rows.Count];
        for (int row = 0; row < sources.Length; row++)
        {
            nulls[row] = offsets is not null && offsets.IsNull(row);
            long offset = offsets is null || nulls[row]
                ? 1
                : ((ColumnBuffer<long>)offsets).Values[row];
            sources[row] = nulls[row] ? -1 : Shift(row, DistanceOf(_call.Kind, offset));
            if (sources[row] < 0 && !nulls[row])
            {
                others[otherCount++] = row;
            }
        }

        var result = ColumnAssembler.Create(_call.Type, _rows.Count);
        Put(result, sources);
        if (_call.Arguments.Count > 2 && otherCount > 0)
        {
            var rows = new RowSelection(_rows.Count, others, otherCount);
            result.Put(rows, rows.Evaluate(_call.Arguments[2], _rows.Batch, _context));
        }

        return result.Build();
    }

    /// <summary>How many rows ahead lag or lead with an offset looks.</summary>
    public static long DistanceOf(WindowKind kind, long offset)
    {
        long distance = Math.Clamp(offset, -WindowFrameEnds.OffsetMax, WindowFrameEnds.OffsetMax);
        return kind == WindowKind.Lag ? -distance : distance;
    }

    private int Shift(int row, long distance)
    {
        int start = _rows.PartitionStart[row];
        int end = _rows.PartitionEnd[row];
        if (_before is null || distance == 0)
        {
            bool isInside = distance >= start - row && distance < end - row;
            return isInside ? row + (int)distance : -1;
        }

        // From a row on, the first that is not NULL is at _before[row] or one further.
        long place = distance > 0
            ? _before[row + 1] + distance - 1
            : _before[row] + distance;
        return place >= _before[start] && place < _before[end] ? _present[place] : -1;
    }

    private ColumnBuffer Framed()
    {
        var frames = new WindowFrames(_rows, _call.Frame!, _context);
        ColumnBuffer? numbers = _call.Kind == WindowKind.Nth
            ? _call.Arguments[1].Evaluate(_rows.Batch, _context)
            : null;
        var sources = new int[_rows.Count];
        Span<(int Start, int End)> pieces = stackalloc (int, int)[FramePieces.CountMax];
        for (int row = 0; row < sources.Length; row++)
        {
            int count = frames.Pieces(row, pieces);
            sources[row] = _call.Kind switch
            {
                WindowKind.First => Nth(pieces[..count], 1),
                WindowKind.Last => Last(pieces[..count]),
                _ => numbers!.IsNull(row)
                    ? -1
                    : Nth(pieces[..count], Number(((ColumnBuffer<long>)numbers).Values[row])),
            };
        }

        var result = ColumnAssembler.Create(_call.Type, _rows.Count);
        Put(result, sources);
        return result.Build();
    }

    /// <summary>The number that nth_value was given, if it is one.</summary>
    public static long Number(long number) => number > 0
        ? number
        : throw new NeuroStoreException(
            ErrorCode.NumericOutOfRange, "nth_value counts from 1.");

    private int Nth(ReadOnlySpan<(int Start, int End)> pieces, long number)
    {
        foreach ((int start, int end) in pieces)
        {
            int first = _before is null ? start : _before[start];
            int count = (_before is null ? end : _before[end]) - first;
            if (number <= count)
            {
                int place = first + (int)number - 1;
                return _before is null ? place : _present[place];
            }

            number -= count;
        }

        return -1;
    }

    private int Last(ReadOnlySpan<(int Start, int End)> pieces)
    {
        for (int i = pieces.Length - 1; i >= 0; i--)
        {
            (int start, int end) = pieces[i];
            if (_before is null)
            {
                return end - 1;
            }

            if (_before[end] > _before[start])
            {
                return _present[_before[end] - 1];
            }
        }

        return -1;
    }

    private void Put(ColumnAssembler result, int[] sources)
    {
        var rows = new int[sources.Length];
        var found = new int[sources.Length];
        int count = 0;
        for (int row = 0; row < sources.Length; row++)
        {
            if (sources[row] >= 0)
            {
                rows[count] = row;
                found[count++] = sources[row];
            }
        }

        if (count > 0)
        {
            ColumnBuffer values = _values.Gather(found.AsSpan(0, count));
            result.Put(new RowSelection(_rows.Count, rows, count), values);
        }
    }
}
