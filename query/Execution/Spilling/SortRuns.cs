namespace NeuroDb.Query;

/// <summary>
/// Sorted runs of rows on disk and their merge (D. Knuth, The Art of Computer Programming, vol. 3,
/// 5.4.1). Equal rows come in the order of the runs, so the sort stays stable.
/// </summary>
internal sealed class SortRuns(
    RowOrder order, IReadOnlyList<DataType> types, SpillFile file, ExecutionContext context)
    : IDisposable
{
    private readonly List<List<SpillBlock>> _runs = [];
    private Head[]? _heads;

    /// <summary>The bytes on disk.</summary>
    public long LengthBytes => file.LengthBytes;

    /// <summary>Sorts rows and writes them as the next run.</summary>
    public void Add(RowBatch rows)
    {
        ColumnBuffer[] keys = order.Evaluate(rows, context);
        int[] sorted = order.Sort(keys, rows.Count, context);
        var blocks = new List<SpillBlock>();
        for (int start = 0; start < sorted.Length; start += Limits.BatchRowCount)
        {
            context.ThrowIfCancelled();
            int count = Math.Min(Limits.BatchRowCount, sorted.Length - start);
            blocks.Add(file.Write(rows.Gather(sorted.AsSpan(start, count))));
        }

        _runs.Add(blocks);
    }

    /// <summary>The next rows of all runs in order; null at the end.</summary>
    public RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _heads ??= [.. _runs.Select(run => new Head(this, new SpillCursor(file, run)))];
        ColumnBuilder[] builders =
            [.. types.Select(type => ColumnBuilder.Create(type, Limits.BatchRowCount))];
        int count = 0;
        while (count < Limits.BatchRowCount && Least() is { } head)
        {
            head.MoveInto(builders);
            count++;
        }

        return count == 0
            ? null
            : new RowBatch([.. builders.Select(builder => builder.Build())], count);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private Head? Least()
    {
        Head? least = null;
        foreach (Head head in _heads!)
        {
            bool isBefore = head.Batch is not null
                && (least is null || order.Compare(
                    head.Keys, head.Row, least.Keys, least.Row) < 0);
            least = isBefore ? head : least;
        }

        return least;
    }

    /// <summary>The first row of a run that is not yet taken.</summary>
    private sealed class Head
    {
        private readonly SortRuns _runs;
        private readonly SpillCursor _cursor;

        public Head(SortRuns runs, SpillCursor cursor)
        {
            _runs = runs;
            _cursor = cursor;
            Fetch();
        }

        public RowBatch? Batch { get; private set; }

        public ColumnBuffer[] Keys { get; private set; } = [];

        public int Row { get; private set; }

        public void MoveInto(ColumnBuilder[] builders)
        {
            for (int i = 0; i < builders.Length; i++)
            {
                builders[i].AppendRow(Batch!.Columns[i], Row);
            }

            if (++Row == Batch!.Count)
            {
                Fetch();
            }
        }

        private void Fetch()
        {
            Batch = _cursor.Next();
            Row = 0;
            Keys = Batch is null ? [] : _runs.Evaluate(Batch);
        }
    }

    private ColumnBuffer[] Evaluate(RowBatch batch) => order.Evaluate(batch, context);
}
