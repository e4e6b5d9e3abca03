using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// The terms of the texts of one chunk: for each term the rows that have it, ascending, and how
/// often. It grows row by row; nothing of it changes afterwards. Whoever adds holds the lock on the
/// object, and so does whoever reads while rows may still come.
/// </summary>
internal sealed class TextPostings(ITextAnalyzer analyzer)
{
    /// <summary>
    /// The most occurrences in one text that count: by then the weight of a term has long come
    /// close to its bound.
    /// </summary>
    public const int FrequencyMax = byte.MaxValue;
    private readonly Dictionary<ulong, PostingList> _lists = [];
    private readonly List<ulong> _terms = [];
    private readonly List<int> _lengths = [];
    private ulong[] _nulls = [];

    /// <summary>The rows so far, from the first of the chunk.</summary>
    public int Count => _lengths.Count;

    /// <summary>The words of each row; 0 for NULL.</summary>
    public ReadOnlySpan<int> Lengths => CollectionsMarshal.AsSpan(_lengths);

    /// <summary>The words of all rows.</summary>
    public long LengthSum { get; private set; }

    /// <summary>How many rows are not NULL.</summary>
    public int TextCount { get; private set; }

    /// <summary>The bytes of the lists, roughly.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether a row is NULL.</summary>
    public bool IsNull(int row) =>
        row >> 6 < _nulls.Length && (_nulls[row >> 6] & (1UL << row)) != 0;

    /// <summary>Adds the texts of a column from <see cref="Count"/> on, up to a row.</summary>
    public void AddUpTo(ColumnBuffer<string> texts, int count)
    {
        Invariant.Check(count >= Count && count <= texts.Count);
        ReadOnlySpan<string> values = texts.Values;
        for (int row = Count; row < count; row++)
        {
            if (texts.Nulls.IsNull(row))
            {
                AddNull(row);
                continue;
            }

            Add(row, values[row]);
        }
    }

    /// <summary>The rows of a term and how often each has it; empty if none has.</summary>
    public PostingList Find(ulong term) => _lists.GetValueOrDefault(term);

    private void AddNull(int row)
    {
        if (row >> 6 >= _nulls.Length)
        {
            Array.Resize(ref _nulls, Limits.ChunkRowCount / 64);
        }

        _nulls[row >> 6] |= 1UL << row;
        _lengths.Add(0);
    }

    private void Add(int row, string text)
    {
        _terms.Clear();
        int length = analyzer.Analyze(text, _terms);
        _terms.Sort();
        for (int start = 0; start < _terms.Count;)
        {
            int end = start + 1;
            while (end < _terms.Count && _terms[end] == _terms[start])
            {
                end++;
            }

            ref PostingList list = ref CollectionsMarshal.GetValueRefOrAddDefault(
                _lists, _terms[start], out _);
            SizeBytes += list.Add(row, Math.Min(end - start, FrequencyMax));
            start = end;
        }

        _lengths.Add(length);
        LengthSum += length;
        TextCount++;
    }
}
