using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Second codes of texts whose first codes are equal: what follows the beginning that all texts of
/// one code have in common, so that texts with a long common beginning are told apart by numbers
/// that lie side by side and not by rows all over the memory. Those whose second codes are equal
/// too may have further ones. Never changed.
/// </summary>
internal sealed class IndexTieCodes
{
    /// <summary>Bytes that an entry takes, about.</summary>
    public const int EntrySizeBytes = 24;

    // Smaller groups are told apart by their values.
    private const int GroupCountMin = 16;

    // Of the entries so many in equal codes are worth further ones.
    private const int DeeperShareMin = 8;
    private const int DepthMax = 2;
    private readonly ulong[] _codes;
    private readonly IndexTieCodes? _further;
    private readonly Dictionary<int, (int End, string Prefix)> _groups = [];

    /// <summary>Reads the texts of a run.</summary>
    /// <param name="coder">The first column of the index, of texts.</param>
    /// <param name="rows">The rows of the run.</param>
    /// <param name="run">The run.</param>
    public IndexTieCodes(IndexColumnCoder coder, IIndexRows rows, IndexRun run)
        : this(coder, rows, run.Ordinals, run.Codes[0].Span, null, 1)
    {
    }

    private IndexTieCodes(
        IndexColumnCoder coder,
        IIndexRows rows,
        FlatArray<int> ordinals,
        ReadOnlySpan<ulong> first,
        IndexTieCodes? above,
        int depth)
    {
        _codes = new ulong[first.Length];
        int tied = 0;
        for (int start = 0, end; start < first.Length; start = end)
        {
            end = start + 1;
            while (end < first.Length && first[end] == first[start]
                && above?._groups.ContainsKey(end) != true)
            {
                end++;
            }

            // Entries without a code of the step above are in none of its groups.
            bool isGroup = above is null ? !coder.IsExact(first[start]) : first[start] != 0;
            if (isGroup && end - start >= GroupCountMin)
            {
                Add(coder, rows, ordinals, start, end);
                tied += CountTied(start, end);
            }
        }

        _further = depth < DepthMax && tied > first.Length / DeeperShareMin
            ? new IndexTieCodes(coder, rows, ordinals, _codes, this, depth + 1)
            : null;
    }

    /// <summary>
    /// Narrows the entries of one first code, if they have second codes, to those that a text may
    /// be.
    /// </summary>
    /// <param name="coder">The first column of the index.</param>
    /// <param name="text">The text.</param>
    /// <param name="start">The first entry.</param>
    /// <param name="end">The entry behind the last one.</param>
    public void Narrow(IndexColumnCoder coder, string text, ref int start, ref int end)
    {
        if (!_groups.TryGetValue(start, out (int End, string Prefix) group) || group.End != end)
        {
            return;
        }

        string folded = coder.Fold(text);
        if (!folded.StartsWith(group.Prefix, StringComparison.Ordinal))
        {
            end = start;
            return;
        }

        ulong code = coder.Encode(folded.AsSpan(group.Prefix.Length));
        ReadOnlySpan<ulong> among = _codes.AsSpan(start, end - start);
        int low = LearnedSearch.LowerBoundScalar(among, code);
        end = start + low + LearnedSearch.LowerBoundScalar(among[low..], code + 1);
        start += low;
        _further?.Narrow(coder, text, ref start, ref end);
    }

    // How many entries of a group are in groups of equal codes themselves.
    private int CountTied(int start, int end)
    {
        int tied = 0;
        for (int from = start, to; from < end; from = to)
        {
            to = from + 1;
            while (to < end && _codes[to] == _codes[from])
            {
                to++;
            }

            tied += to - from >= GroupCountMin ? to - from : 0;
        }

        return tied;
    }

    private void Add(
        IndexColumnCoder coder, IIndexRows rows, FlatArray<int> ordinals, int start, int end)
    {
        string TextOf(int entry)
        {
            int ordinal = ordinals[entry];
            var texts = (ColumnStore<string>)rows.Column(
                ordinal / Limits.ChunkRowCount, coder.Ordinal);
            return coder.Fold(texts.ElementAt(ordinal % Limits.ChunkRowCount));
        }

        // In the order of texts all between two share what these have in common.
        string least = TextOf(start);
        int length = least.AsSpan().CommonPrefixLength(TextOf(end - 1));
        length -= length > 0 && char.IsHighSurrogate(least[length - 1]) ? 1 : 0;
        _groups.Add(start, (end, least[..length]));
        for (int i = start; i < end; i++)
        {
            _codes[i] = coder.Encode(TextOf(i).AsSpan(length));
        }
    }
}
