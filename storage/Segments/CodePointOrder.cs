namespace NeuroDb.Storage;

/// <summary>
/// The order of texts by code points, which is that of SQL and of UTF-8: as UTF-16 units, except
/// that surrogates come after all other units.
/// </summary>
internal static class CodePointOrder
{
    private const int BehindAllUnits = 0x10000;

    /// <summary>Compares two texts.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        int common = left.CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : RankOf(left[common]) - RankOf(right[common]);
    }

    private static int RankOf(char unit) =>
        char.IsSurrogate(unit) ? unit + BehindAllUnits : unit;
}
