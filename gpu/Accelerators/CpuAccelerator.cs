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
        ScanQuery query, IReadOnlyList<VectorBlock> blocks, CancellationToken cancellation)
    {
        List<ScanPiece> pieces = ScanPiece.Divide(blocks);
        if (query.K == 0 || pieces.Count == 0)
        {
            return [];
        }

        var heaps = new TopKHeap[Math.Min(_workers.Count, pieces.Count)];
        int taken = 0;
        void Work(int worker)
        {
            var heap = new TopKHeap(query.K);
            heaps[worker] = heap;
            int next;
            while ((next = Interlocked.Increment(ref taken) - 1) < pieces.Count)
            {
                cancellation.ThrowIfCancellationRequested();
                ScanPiece piece = pieces[next];
                FusedScan.Run(
                    query,
                    blocks[piece.Block],
                    piece.Begin,
                    piece.End,
                    heap,
                    VectorWidths.Widest);
            }
        }

        _workers.ForEach(heaps.Length, Work);
        for (int i = 1; i < heaps.Length; i++)
        {
            heaps[0].MergeFrom(heaps[i]);
        }

        return query.ToResult(heaps[0]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
    }
}
