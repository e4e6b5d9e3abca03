namespace NeuroDb.Gpu;

/// <summary>dot(u, query) over a code of 4 or 8 bits, waiting for its registers.</summary>
internal unsafe ref struct CodeProductAction(
    int bits, ReadOnlySpan<byte> code, ReadOnlySpan<float> query) : IFloatAction
{
    /// <summary>Dimensions that stand in the lower halves of a run of bytes.</summary>
    private const int Group = CodePacking.Group;

    private readonly ReadOnlySpan<byte> _code = code;
    private readonly ReadOnlySpan<float> _query = query;

    /// <summary>The sum.</summary>
    public float Result { get; private set; }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        fixed (byte* code = _code)
        fixed (float* query = _query)
        {
            Result = bits == 4
                ? SumHalves<TLanes, TVector>(code, query)
                : SumBytes<TLanes, TVector>(code, query);
        }
    }

    private readonly float SumHalves<TLanes, TVector>(byte* code, float* query)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector lower = default;
        TVector upper = default;
        for (int start = 0; start < _query.Length; start += 2 * Group)
        {
            for (int i = 0; i < Group; i += TLanes.Count)
            {
                byte* at = code + (start / 2) + i;
                float* element = query + start + i;
                lower = TLanes.MultiplyAdd(
                    TLanes.LoadBytes(at, 0, 15), TLanes.Load(element), lower);
                upper = TLanes.MultiplyAdd(
                    TLanes.LoadBytes(at, 4, 15), TLanes.Load(element + Group), upper);
            }
        }

        return TLanes.Sum(TLanes.Add(lower, upper));
    }

    private readonly float SumBytes<TLanes, TVector>(byte* code, float* query)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector even = default;
        TVector odd = default;
        int lanes = TLanes.Count;
        for (int i = 0; i < _query.Length; i += 2 * lanes)
        {
            even = TLanes.MultiplyAdd(
                TLanes.LoadBytes(code + i, 0, 255), TLanes.Load(query + i), even);
            odd = TLanes.MultiplyAdd(
                TLanes.LoadBytes(code + i + lanes, 0, 255), TLanes.Load(query + i + lanes), odd);
        }

        return TLanes.Sum(TLanes.Add(even, odd));
    }
}
