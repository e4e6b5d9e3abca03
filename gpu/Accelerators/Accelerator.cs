namespace NeuroDb.Gpu;

/// <summary>
/// A compute device and the kernels on it. Owned by an <see cref="AcceleratorPool"/>; any thread
/// may call it. The same call on the same device gives the same bits, whatever the number of
/// threads; two devices may differ in the last digits of a distance.
/// </summary>
internal abstract class Accelerator : IDisposable
{
    /// <summary>What EXPLAIN shows, for example "cpu (AVX-512, 2 threads)".</summary>
    public abstract string Name { get; }

    /// <summary>The kind of device.</summary>
    public abstract AcceleratorKind Kind { get; }

    /// <summary>
    /// The k rows of all blocks that are closest to the query, closest first, ties by ascending
    /// id. Fewer where fewer rows are selected and have a defined distance.
    /// </summary>
    public abstract Candidate[] Scan(
        ScanQuery query, IReadOnlyList<VectorBlock> blocks, CancellationToken cancellation);

    /// <inheritdoc/>
    public abstract void Dispose();
}
