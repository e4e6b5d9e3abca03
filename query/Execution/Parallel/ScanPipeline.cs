using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>A table scan over ranges of its slices.</summary>
internal sealed class ScanPipeline(
    TableScan scan, TableSnapshot snapshot, ExecutionContext context) : Pipeline
{
    private readonly ZoneTest? _zones = scan.Pruning?.Begin(snapshot, context);

    /// <inheritdoc/>
    public override int MorselCount { get; } = snapshot.SliceCount;

    /// <inheritdoc/>
    public override void Prepare()
    {
    }

    /// <inheritdoc/>
    public override BatchCursor Open(int first, int end) =>
        new TableScanCursor(scan, context, snapshot, _zones, first, end);
}
