namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="HashAggregate"/> with keys: groups in the order in which they were
/// first seen. On several threads each has groups of its own, which are merged at the end. Groups
/// that do not fit the memory of an operator follow, part by part from disk.
/// </summary>
internal sealed class HashAggregateCursor(HashAggregate plan, ExecutionContext context)
    : BatchCursor
{
    private readonly Stack<(SpillPartitions Parts, int Next, int Level)> _spilled = [];
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _output ??= new RowOutput(Run());
        RowBatch? batch = _output.Next();
        while (batch is null && _spilled.TryPop(out var next))
        {
            context.ThrowIfCancelled();
            if (next.Next == SpillPartitions.Count)
            {
                next.Parts.Dispose();
                continue;
            }

            _spilled.Push((next.Parts, next.Next + 1, next.Level));
            using BatchCursor part = next.Parts.Open(next.Next);
            _output = new RowOutput(Group(part, next.Level + 1));
            batch = _output.Next();
        }

        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        while (_spilled.TryPop(out var part))
        {
            part.Parts.Dispose();
        }

        base.Dispose();
    }

    private RowBatch Run()
    {
        if (plan.ParallelInput(context) is not { } pipeline)
        {
            using BatchCursor input = plan.Input.Open(context);
            return Group(input, level: 0);
        }

        pipeline.Prepare();
        GroupingRun[] runs = Lanes.Run(pipeline, context, cursor =>
        {
            var run = new GroupingRun(plan, context);
            run.TakeAll(cursor);
            return run;
        });
        for (int i = 1; i < runs.Length; i++)
        {
            runs[0].Merge(runs[i]);
        }

        return runs[0].Finish();
    }

    private RowBatch Group(BatchCursor input, int level)
    {
        var run = new GroupingRun(plan, context);
        if (context.Spill is null || plan.Sets is not null)
        {
            run.TakeAll(input);
        }
        else if (run.TakeAll(input, level) is { } others)
        {
            _spilled.Push((others, 0, level));
            context.Profile?.Find(plan)?.CountSpilled(others.LengthBytes);
        }

        return run.Finish();
    }
}
