namespace NeuroDb.Query;

/// <summary>
/// Rows that are read more than once: in memory as long as they fit that of an operator, then on
/// disk until the statement ends or somebody disposes them. Written by one thread, then read by
/// any number of cursors.
/// </summary>
internal sealed class RowSpool(
    PlanNode plan, IEnumerable<DataType> types, ExecutionContext context) : IDisposable
{
    private readonly DataType[] _types = [.. types];
    private readonly List<RowBatch> _rows = [];
    private readonly List<SpillBlock> _blocks = [];
    private RowStore? _pending;
    private SpillFile? _file;
    private long _size;

    /// <summary>How many rows.</summary>
    public long Count { get; private set; }

    /// <summary>The rows of a plan, read on the threads that there are while they fit.</summary>
    public static RowSpool Of(PlanNode plan, ExecutionContext context)
    {
        var spool = new RowSpool(plan, plan.Output.Select(static column => column.Type), context);
        Pipeline? pipeline = RowSizes.MayExceed(plan, context)
            ? null
            : plan.Parallelize(context);
        if (RowStore.TryMaterialize(plan, pipeline, context) is { } rows)
        {
            spool._rows.Add(rows);
            spool.Count = rows.Count;
            return spool;
        }

        using BatchCursor cursor = plan.Open(context);
        while (cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            spool.Add(batch);
        }

        spool.Complete();
        return spool;
    }

    /// <summary>Adds rows behind the others.</summary>
    public void Add(RowBatch batch)
    {
        Count += batch.Count;
        if (_file is null)
        {
            _rows.Add(batch.Settle());
            _size += RowSizes.About(batch);
            if (context.Spill is null)
            {
                context.CheckKept(_size, plan);
            }
            else if (_size > context.OperatorMemoryBytes)
            {
                _file = context.Spill.Create(_types);
                context.Owned.Add(this);
                _rows.ForEach(Write);
                _rows.Clear();
            }

            return;
        }

        Write(batch);
    }

    /// <summary>Ends writing.</summary>
    public void Complete()
    {
        Flush();
        if (_file is not null)
        {
            context.Profile?.Find(plan)?.CountSpilled(_file.LengthBytes);
        }
    }

    /// <summary>Reads all rows from the first one on.</summary>
    public BatchCursor Open() => new Cursor(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _rows.Clear();
    }

    private void Write(RowBatch batch)
    {
        _pending ??= new RowStore(_types);
        _pending.Add(batch);
        if (_pending.Count >= Limits.BatchRowCount)
        {
            Flush();
        }
    }

    private void Flush()
    {
        if (_pending is not null)
        {
            _blocks.Add(_file!.Write(_pending.Build()));
            _pending = null;
        }
    }

    private sealed class Cursor(RowSpool spool) : BatchCursor
    {
        private RowOutput? _output;
        private int _next;

        /// <inheritdoc/>
        public override RowBatch? Next()
        {
            RowBatch? batch = _output?.Next();
            while (batch is null && _next < spool._rows.Count)
            {
                _output = new RowOutput(spool._rows[_next++]);
                batch = _output.Next();
            }

            if (batch is not null || _next == spool._blocks.Count || spool._file is null)
            {
                return batch;
            }

            // The file is for one thread, cursors may be on several.
            lock (spool._blocks)
            {
                return spool._file.Read(spool._blocks[_next++]);
            }
        }
    }
}
