namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="HashAggregate"/> with keys: groups in the order in which they were
/// first seen. On several threads each has groups of its own, which are merged at the end. Groups
/// that do not fit the memory of an operator follow, part by part from disk.
/// </summary>
internal sealed class HashAggregateCursor(HashAggregate plan, ExecutionContext context)
    : BatchCursor
{
    private readonly SpilledParts _spilled = new(context);
    private GroupingRun? _run;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _run ??= Run();
        RowBatch? batch = _run.Next();
        while (batch is null && _spilled.TryOpen(out BatchCursor? part, out int level))
        {
            _run.Dispose();
            using (part)
            {
                _run = Group(part, level);
            }

            batch = _run.Next();
        }

        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _run?.Dispose();
        _spilled.Dispose();
        base.Dispose();
    }

    private GroupingRun Run()
    {
        if (plan.ParallelInput(context) is not { } pipeline)
        {
            using BatchCursor input = plan.Input.Open(context);
            return Group(input, level: 0);
        }

        pipeline.Prepare();
        var meter = new RowMeter(
            context.Spill is null ? context.KeptMemoryBytes : context.OperatorMemoryBytes);
        GroupingRun[] runs = Lanes.Run(pipeline, context, cursor =>
        {
            var run = new GroupingRun(plan, context);
            run.TakeAll(cursor, meter);
            return run;
        });
        if (meter.IsExceeded)
        {
            // More groups than expected: one thread puts what does not fit on disk.
            Array.ForEach(runs, static run => run.Dispose());
            context.Profile?.Forget(plan.Input);
            using BatchCursor input = plan.Input.Open(context);
            return Group(input, level: 0);
        }

        for (int i = 1; i < runs.Length; i++)
        {
            runs[0].Merge(runs[i]);
        }

        return runs[0];
    }

    private GroupingRun Group(BatchCursor input, int level)
    {
        var run = new GroupingRun(plan, context);
        if (context.Spill is null)
        {
            run.TakeAll(input);
        }
        else if (run.TakeAll(input, level) is { } others)
        {
            _spilled.Push(others, level);
            context.Profile?.Find(plan)?.CountSpilled(others.LengthBytes);
        }

        return run;
    }
}
