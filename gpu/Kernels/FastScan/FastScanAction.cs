namespace NeuroDb.Gpu;

/// <summary>The SIMD form of <see cref="FastScan"/>, waiting for its registers.</summary>
internal unsafe ref struct FastScanAction(
    FastScanQuery query,
    ListProbe probe,
    ReadOnlySpan<byte> codes,
    ReadOnlySpan<float> factors,
    float threshold,
    BlockRanks ranks) : IFloatAction
{
    private readonly ReadOnlySpan<byte> _codes = codes;
    private readonly ReadOnlySpan<float> _factors = factors;
    private readonly BlockRanks _ranks = ranks;

    /// <summary>The rows whose lower bound is not above the threshold.</summary>
    public uint Kept { get; private set; }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* sums = stackalloc float[CodeBlock.RowCount];
        fixed (byte* codes = _codes, tables = query.Tables)
        fixed (float* factors = _factors, estimates = _ranks.Estimates, lowers = _ranks.Lowers)
        {
            BlockSums.LookUp<TLanes, TVector>(codes, tables, _codes.Length, sums);
            Kept = BlockSums.Bound<TLanes, TVector>(
                query, probe, threshold, sums, factors, estimates, lowers);
        }
    }
}
