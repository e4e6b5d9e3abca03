namespace NeuroDb.Gpu;

/// <summary>Where a <see cref="FastScan"/> puts what it found for the 32 rows of a block.</summary>
internal readonly ref struct BlockRanks
{
    /// <summary>Takes two spans of 32.</summary>
    public BlockRanks(Span<float> estimates, Span<float> lowers)
    {
        Invariant.Check(
            estimates.Length == CodeBlock.RowCount && lowers.Length == CodeBlock.RowCount);
        Estimates = estimates;
        Lowers = lowers;
    }

    /// <summary>The estimated ranks.</summary>
    public Span<float> Estimates { get; }

    /// <summary>The lower bounds of the ranks.</summary>
    public Span<float> Lowers { get; }
}
