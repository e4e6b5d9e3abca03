namespace NeuroDb.Gpu;

/// <summary>
/// The features of all n-grams of a run of UTF-16 units: hashes[n - shortest, start] is that of the
/// units from start to start + n, as <see cref="FeatureHash"/> gives it.
/// </summary>
/// <remarks>
/// Shapes: units (length); hashes (longest - shortest + 1, length). N-grams that would end behind
/// the last unit are left as they are. All forms give the same bits.
/// </remarks>
internal static class NgramHash
{
    /// <summary>The definition.</summary>
    public static void ComputeScalar(
        ReadOnlySpan<ushort> units, int shortest, int longest, Span<ulong> hashes)
    {
        Check(units, shortest, longest, hashes);
        for (int start = 0; start < units.Length; start++)
        {
            ulong state = FeatureHash.Start;
            for (int n = 1; n <= longest && start + n <= units.Length; n++)
            {
                state = FeatureHash.Append(state, units[start + n - 1]);
                if (n >= shortest)
                {
                    hashes[((n - shortest) * units.Length) + start] =
                        FeatureHash.Finish(state, FeatureHash.GramKind);
                }
            }
        }
    }

    /// <summary>Fills hashes.</summary>
    public static void Compute(
        ReadOnlySpan<ushort> units, int shortest, int longest, Span<ulong> hashes) =>
        Compute(units, shortest, longest, hashes, VectorWidths.Widest);

    /// <summary>Fills hashes with a given register width.</summary>
    public static void Compute(
        ReadOnlySpan<ushort> units,
        int shortest,
        int longest,
        Span<ulong> hashes,
        VectorWidth width)
    {
        Check(units, shortest, longest, hashes);
        var action = new NgramHashAction(units, shortest, longest, hashes);
        HashDispatch.Run(width, ref action);
    }

    private static void Check(
        ReadOnlySpan<ushort> units, int shortest, int longest, Span<ulong> hashes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shortest, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longest, shortest);
        if (hashes.Length != (longest - shortest + 1L) * units.Length)
        {
            throw new ArgumentException(
                $"{hashes.Length} hashes are no room for n-grams of {shortest} to {longest} of "
                + $"{units.Length} units.");
        }
    }
}
