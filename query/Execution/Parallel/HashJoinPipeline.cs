namespace NeuroDb.Query;

/// <summary>
/// A hash join whose left side several threads read: the right side is read first, once. If that
/// does not fit the memory of an operator after all, one thread joins on disk.
/// </summary>
internal sealed class HashJoinPipeline(
    HashJoin join, Pipeline left, ExecutionContext context) : Pipeline
{
    private Pipeline _source = left;
    private HashJoinBuild? _build;
    private BatchCursor? _tooMany;

    /// <inheritdoc/>
    public override int MorselCount => _tooMany is null ? _source.MorselCount : 1;

    /// <inheritdoc/>
    public override void Prepare()
    {
        _build = HashJoinBuild.Start(
            join, context, out RowBatch? rows, out _tooMany);
        if (rows is not null)
        {
            _source = new RowsPipeline(rows);
        }

        _source.Prepare();
    }

    /// <inheritdoc/>
    public override BatchCursor Open(int first, int end) => _tooMany is null
        ? new HashJoinCursor(join, context, _build!, _source.Open(first, end), ownsBuild: false)
        : new SpilledJoinCursor(
            join, context, _source.Open(0, _source.MorselCount), _tooMany, level: 0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _build?.Dispose();
        _build = null;
        _source.Dispose();
        base.Dispose();
    }
}
