namespace NeuroDb.Gpu;

/// <summary>
/// The processor as a device: hand-vectorised kernels on the widest registers it has, on the
/// threads of an <see cref="IWorkers"/>.
/// </summary>
internal sealed class CpuAccelerator : Accelerator
{
    private readonly IWorkers _workers;

    /// <summary>Makes the device on these threads.</summary>
    public CpuAccelerator(IWorkers workers)
    {
        _workers = workers;
        string threads = workers.Count == 1 ? "1 thread" : $"{workers.Count} threads";
        Name = $"cpu ({VectorWidths.InstructionSet}, {threads})";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override AcceleratorKind Kind => AcceleratorKind.Cpu;

    /// <inheritdoc/>
    public override Candidate[] Scan(
        ScanQuery query, IReadOnlyList<VectorBlock> blocks, CancellationToken cancellation) =>
        Scan<float, float>(
            query.Metric,
            query.Vector,
            query.K,
            [.. blocks.Select(block => block.Elements)],
            cancellation);

    /// <summary>
    /// The k closest rows among blocks of any element type that kernels know, closest first.
    /// </summary>
    public Candidate[] Scan<TElement, TQuery>(
        Metric metric,
        ReadOnlyMemory<TQuery> query,
        int k,
        IReadOnlyList<VectorBlock<TElement>> blocks,
        CancellationToken cancellation)
        where TElement : unmanaged
        where TQuery : unmanaged =>
        ParallelScan.Run(_workers, metric, query, k, blocks, cancellation);

    /// <summary>
    /// The k closest rows for each query of a batch: what one scan for each would give, with the
    /// rows read once for all.
    /// </summary>
    public Candidate[][] ScanBatch<TElement, TQuery>(
        Metric metric,
        QueryBatch<TQuery> queries,
        int k,
        IReadOnlyList<VectorBlock<TElement>> blocks,
        CancellationToken cancellation)
        where TElement : unmanaged
        where TQuery : unmanaged =>
        ParallelBatch.Run(_workers, metric, queries, k, blocks, cancellation);

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
