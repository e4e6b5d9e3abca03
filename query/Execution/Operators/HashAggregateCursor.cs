namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="HashAggregate"/> with keys: groups in the order in which they were
/// first seen. On several threads each has groups of its own, which are merged at the end.
/// </summary>
internal sealed class HashAggregateCursor(HashAggregate plan, ExecutionContext context)
    : BatchCursor
{
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _output ??= new RowOutput(Run());
        return _output.Next();
    }

    private RowBatch Run()
    {
        if (plan.ParallelInput(context) is not { } pipeline)
        {
            var run = new GroupingRun(plan, context);
            using BatchCursor input = plan.Input.Open(context);
            run.TakeAll(input);
            return run.Finish();
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
}
