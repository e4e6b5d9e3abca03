namespace NeuroDb.Neural;

/// <summary>
/// The place of each merge among the merges, by the tokens that it joins. Immutable.
/// </summary>
internal sealed class PairTable
{
    private const int None = int.MaxValue;
    private const ulong Spread = 0x9E3779B97F4A7C15;

    private readonly ulong[] _keys;
    private readonly int[] _ranks;
    private readonly int _shift;

    /// <summary>A table of merges, no two of which are equal.</summary>
    public PairTable(IReadOnlyList<(int Left, int Right)> merges)
    {
        int bits = 4;
        while (1 << bits < 4 * merges.Count)
        {
            bits++;
        }

        _shift = 64 - bits;
        _keys = new ulong[1 << bits];
        _ranks = new int[1 << bits];
        Array.Fill(_ranks, None);
        for (int i = 0; i < merges.Count; i++)
        {
            ulong key = KeyOf(merges[i].Left, merges[i].Right);
            int at = SlotOf(key);
            _keys[at] = key;
            _ranks[at] = i;
        }
    }

    /// <summary>
    /// The place of the merge of two tokens; the greatest number if there is none.
    /// </summary>
    public int Find(int left, int right) => _ranks[SlotOf(KeyOf(left, right))];

    private static ulong KeyOf(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    // The slot of a key, or the free one where it would be.
    private int SlotOf(ulong key)
    {
        int at = (int)((key * Spread) >> _shift);
        while (_ranks[at] != None && _keys[at] != key)
        {
            at = (at + 1) & (_keys.Length - 1);
        }

        return at;
    }
}
