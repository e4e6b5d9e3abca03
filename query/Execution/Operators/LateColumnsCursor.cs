using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The state of a <see cref="LateColumns"/>.</summary>
internal sealed class LateColumnsCursor(
    LateColumns plan, BatchCursor input, TableSnapshot snapshot) : BatchCursor
{
    /// <inheritdoc/>
    public override RowBatch? Next() =>
        input.Next() is { } rows ? plan.Fetch(snapshot, rows) : null;

    /// <inheritdoc/>
    public override void Dispose()
    {
        input.Dispose();
        base.Dispose();
    }
}
