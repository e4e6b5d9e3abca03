namespace NeuroDb.Gpu;

/// <summary>N-grams that wait for their registers: a lane takes a start.</summary>
/// <param name="units">(length).</param>
/// <param name="shortest">Units of the shortest n-gram.</param>
/// <param name="longest">Units of the longest n-gram.</param>
/// <param name="hashes">(longest - shortest + 1, length).</param>
internal readonly unsafe ref struct NgramHashAction(
    ReadOnlySpan<ushort> units, int shortest, int longest, Span<ulong> hashes) : IHashAction
{
    private readonly ReadOnlySpan<ushort> _units = units;
    private readonly Span<ulong> _hashes = hashes;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IHashLanes<TVector>
        where TVector : struct
    {
        int length = _units.Length;
        int start = 0;
        fixed (ushort* units = _units)
        fixed (ulong* hashes = _hashes)
        {
            TVector prime = TLanes.Create(FeatureHash.Prime);
            TVector kind = TLanes.Create(FeatureHash.GramKind);
            for (; start + TLanes.Count + longest <= length + 1; start += TLanes.Count)
            {
                TVector state = TLanes.Create(FeatureHash.Start);
                ulong* row = hashes + start;
                for (int n = 1; n <= longest; n++)
                {
                    TVector unit = TLanes.LoadUnits(units + start + n - 1);
                    state = TLanes.Multiply(TLanes.Xor(state, unit), prime);
                    if (n >= shortest)
                    {
                        TVector hash =
                            HashMix<TLanes, TVector>.Mix(TLanes.Xor(state, kind));
                        TLanes.Store(hash, row);
                        row += length;
                    }
                }
            }
        }

        for (; start < length; start++)
        {
            Finish(start);
        }
    }

    private void Finish(int start)
    {
        ulong state = FeatureHash.Start;
        int longestHere = Math.Min(longest, _units.Length - start);
        for (int n = 1; n <= longestHere; n++)
        {
            state = FeatureHash.Append(state, _units[start + n - 1]);
            if (n >= shortest)
            {
                _hashes[((n - shortest) * _units.Length) + start] =
                    FeatureHash.Finish(state, FeatureHash.GramKind);
            }
        }
    }
}
