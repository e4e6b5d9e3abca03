namespace NeuroDb.Query;

/// <summary>
/// A hash join whose left side several threads read: the right side is read first, once.
/// </summary>
internal sealed class HashJoinPipeline(
    HashJoin join, Pipeline left, ExecutionContext context) : Pipeline
{
    private Pipeline _source = left;
    private HashJoinBuild? _build;

    /// <inheritdoc/>
    public override int MorselCount => _source.MorselCount;

    /// <inheritdoc/>
    public override void Prepare()
    {
        _build = HashJoinBuild.Start(
            join, context, out RowBatch? rows, out _, canSpill: false);
        if (rows is not null)
        {
            _source = new RowsPipeline(rows);
        }

        _source.Prepare();
    }

    /// <inheritdoc/>
    public override BatchCursor Open(int first, int end) =>
        new HashJoinCursor(join, context, _build!, _source.Open(first, end));
}
