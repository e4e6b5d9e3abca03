namespace NeuroDb.Query;

/// <summary>Collects batches into one; a single batch is passed on without copying.</summary>
internal sealed class RowStore
{
    private readonly DataType[] _types;
    private readonly List<RowBatch> _batches = [];

    /// <summary>Makes an empty store for rows of these types.</summary>
    public RowStore(IEnumerable<DataType> types)
    {
        _types = [.. types];
    }

    /// <summary>How many rows were added.</summary>
    public int Count { get; private set; }

    /// <summary>All rows of a plan, read on the threads that there are.</summary>
    public static RowBatch Materialize(PlanNode plan, ExecutionContext context) =>
        Materialize(plan, plan.Parallelize(context), context);

    /// <summary>All rows of a plan, through its pipeline if there is one.</summary>
    public static RowBatch Materialize(
        PlanNode plan, Pipeline? pipeline, ExecutionContext context)
    {
        var meter = new RowMeter(context.KeptMemoryBytes);
        RowBatch? rows = null;
        if (pipeline is not null)
        {
            rows = Read(plan, pipeline, context, meter, arrays: null);
        }
        else
        {
            var store = new RowStore(plan.Output.Select(column => column.Type));
            using BatchCursor cursor = plan.Open(context);
            Read(cursor, context, meter).ForEach(store.Add);
            rows = meter.IsExceeded ? null : store.Build(context);
        }

        if (rows is null)
        {
            context.CheckKept(meter.SizeBytes, plan);
        }

        Invariant.Check(rows is not null);
        return rows;
    }

    /// <summary>
    /// All rows of a plan, read by several threads into the memory of an operator; null if one
    /// thread has to read them, because there is no pipeline or because they do not fit, so that
    /// they belong on disk. With arrays the rows are to be released.
    /// </summary>
    public static RowBatch? TryMaterialize(
        PlanNode plan, Pipeline? pipeline, ExecutionContext context, LargeArrays? arrays = null)
    {
        if (pipeline is null)
        {
            return null;
        }

        var meter = new RowMeter(
            context.Spill is null ? context.KeptMemoryBytes : context.OperatorMemoryBytes);
        RowBatch? rows = Read(plan, pipeline, context, meter, arrays);
        if (rows is null && context.Spill is null)
        {
            context.CheckKept(meter.SizeBytes, plan);
        }

        return rows;
    }

    // Null if there were too many.
    private static RowBatch? Read(
        PlanNode plan,
        Pipeline pipeline,
        ExecutionContext context,
        RowMeter meter,
        LargeArrays? arrays)
    {
        pipeline.Prepare();
        List<RowBatch>[] lanes = Lanes.Run(
            pipeline, context, cursor => Read(cursor, context, meter));
        if (meter.IsExceeded)
        {
            context.Profile?.Forget(plan);
            return null;
        }

        var store = new RowStore(plan.Output.Select(column => column.Type));
        foreach (List<RowBatch> lane in lanes)
        {
            lane.ForEach(store.Add);
        }

        return store.Build(context, context.Workers, arrays);
    }

    /// <summary>Adds rows; of the same types, in the same order.</summary>
    public void Add(RowBatch batch)
    {
        Invariant.Check(batch.Columns.Length == _types.Length);
        _batches.Add(batch);
        Count = checked(Count + batch.Count);
    }

    /// <summary>
    /// All rows; the store may not be used afterwards. With arrays the rows are to be released.
    /// </summary>
    public RowBatch Build(
        ExecutionContext? context = null, IWorkers? workers = null, LargeArrays? arrays = null)
    {
        if (_batches.Count == 1)
        {
            return _batches[0];
        }

        var columns = new ColumnBuffer[_types.Length];
        if (workers is null || columns.Length < 2)
        {
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i] = BuildColumn(i, context, arrays);
            }
        }
        else
        {
            workers.ForEach(columns.Length, i => columns[i] = BuildColumn(i, context, arrays));
        }

        return new RowBatch(columns, Count);
    }

    private static List<RowBatch> Read(
        BatchCursor cursor, ExecutionContext context, RowMeter meter)
    {
        var batches = new List<RowBatch>();
        while (!meter.IsExceeded && cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            batches.Add(batch);
            meter.Add(batch);
        }

        return batches;
    }

    private ColumnBuffer BuildColumn(
        int ordinal, ExecutionContext? context, LargeArrays? arrays)
    {
        ColumnBuilder builder = ColumnBuilder.Create(_types[ordinal], Count, arrays);
        foreach (RowBatch batch in _batches)
        {
            context?.ThrowIfCancelled();
            builder.AppendRows(batch.Columns[ordinal], 0, batch.Count);
        }

        return builder.Build();
    }
}
