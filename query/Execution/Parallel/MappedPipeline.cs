namespace NeuroDb.Query;

/// <summary>An operator above a pipeline that takes batch after batch and keeps nothing.</summary>
internal sealed class MappedPipeline(Pipeline input, Func<BatchCursor, BatchCursor> map) : Pipeline
{
    /// <inheritdoc/>
    public override int MorselCount => input.MorselCount;

    /// <inheritdoc/>
    public override void Prepare() => input.Prepare();

    /// <inheritdoc/>
    public override BatchCursor Open(int first, int end) => map(input.Open(first, end));

    /// <inheritdoc/>
    public override void Dispose()
    {
        input.Dispose();
        base.Dispose();
    }
}
