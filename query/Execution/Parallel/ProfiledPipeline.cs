namespace NeuroDb.Query;

/// <summary>A pipeline whose rows, time and memory are counted on all threads together.</summary>
internal sealed class ProfiledPipeline(
    Pipeline inner, NodeProfile profile, TimeProvider clock) : Pipeline
{
    /// <inheritdoc/>
    public override int MorselCount => inner.MorselCount;

    /// <inheritdoc/>
    public override void Prepare() => profile.Measure(clock, () =>
    {
        inner.Prepare();
        return true;
    });

    /// <inheritdoc/>
    public override BatchCursor Open(int first, int end)
    {
        profile.CountThread();
        return profile.Measure(
            clock, () => new ProfiledCursor(inner.Open(first, end), profile, clock));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }
}
