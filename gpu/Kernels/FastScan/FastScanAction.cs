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
    /// <summary>Sub-codes whose entries, 255 at most, add up in 16 bits.</summary>
    private const int RunMax = 256;

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
        new Span<float>(sums, CodeBlock.RowCount).Clear();
        fixed (byte* codes = _codes, tables = query.Tables)
        fixed (float* factors = _factors, estimates = _ranks.Estimates, lowers = _ranks.Lowers)
        {
            int size = _codes.Length;
            const int Run = RunMax * CodeBlock.SubCodeSizeBytes;
            for (int start = 0; start < size; start += Run)
            {
                int length = Math.Min(Run, size - start);
                if (TLanes.Count == 16)
                {
                    LookupSums.Add512(codes + start, tables + start, length, sums);
                }
                else if (TLanes.Count == 8)
                {
                    LookupSums.Add256(codes + start, tables + start, length, sums);
                }
                else
                {
                    LookupSums.Add128(codes + start, tables + start, length, sums);
                }
            }

            Kept = Bound<TLanes, TVector>(sums, factors, estimates, lowers);
        }
    }

    private readonly uint Bound<TLanes, TVector>(
        float* sums, float* factors, float* estimates, float* lowers)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        const int Rows = CodeBlock.RowCount;
        TVector step = TLanes.Create(query.Step);
        TVector start = TLanes.Create(query.Base);
        TVector term = TLanes.Create(probe.Term);
        TVector distance = TLanes.Create(-probe.Confidence * probe.Distance);
        TVector spread = TLanes.Create(-probe.Confidence * query.Spread);
        TVector limit = TLanes.Create(threshold);
        uint kept = 0;
        for (int i = 0; i < Rows; i += TLanes.Count)
        {
            TVector scale = TLanes.Load(factors + Rows + i);
            TVector product = TLanes.MultiplyAdd(TLanes.Load(sums + i), step, start);
            TVector estimate = TLanes.MultiplyAdd(
                scale, product, TLanes.Add(term, TLanes.Load(factors + i)));
            TVector lower = TLanes.MultiplyAdd(
                distance, TLanes.Load(factors + (2 * Rows) + i), estimate);
            lower = TLanes.MultiplyAdd(spread, TLanes.Abs(scale), lower);
            TLanes.Store(estimate, estimates + i);
            TLanes.Store(lower, lowers + i);
            kept |= TLanes.NotGreater(lower, limit) << i;
        }

        return kept;
    }
}
