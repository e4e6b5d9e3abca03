using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The rows of a part, or of some of its chunks, in the order of an index: for each column the
/// codes, and the ordinals of the rows. A model of the first codes finds places. Never changed. Who
/// uses spans of it keeps it until he is done.
/// </summary>
internal sealed class IndexRun : INativeMemory
{
    private const int ObjectSizeBytes = 256;

    // So many entries are gone through one by one.
    private const int NearCount = 8;
    private readonly IndexKeys _keys;

    // So many keys, and as many as this share of the entries, are told apart by values first.
    private const int TiedLookupsMin = 64;
    private const int TiedEntriesShare = 16;
    private IndexTieCodes? _ties;
    private int _tiedLookups;
    private bool _isLent;

    /// <summary>Takes sorted codes.</summary>
    /// <param name="keys">The columns.</param>
    /// <param name="codes">For each column its codes.</param>
    /// <param name="ordinals">The rows.</param>
    /// <param name="isLearned">Whether a model is worth its building.</param>
    public IndexRun(
        IndexKeys keys, FlatArray<ulong>[] codes, FlatArray<int> ordinals, bool isLearned)
        : this(
            keys,
            codes,
            ordinals,
            isLearned
                ? LearnedModelBuilder.Build(codes[0].Span)
                : LearnedModelBuilder.BuildPlain(codes[0].Span))
    {
    }

    /// <summary>Takes sorted codes and their model.</summary>
    public IndexRun(
        IndexKeys keys, FlatArray<ulong>[] codes, FlatArray<int> ordinals, LearnedModel model)
    {
        Invariant.Check(codes.Length > 0 && codes[0].Length == ordinals.Length
            && model.KeyCount == ordinals.Length);
        _keys = keys;
        Codes = codes;
        Ordinals = ordinals;
        Count = ordinals.Length;
        Model = model;
    }

    /// <summary>The bytes that a run takes, the model left out.</summary>
    public static long SizeBytesOf(long count, int columns) =>
        count * ((columns * sizeof(ulong)) + sizeof(int));

    /// <summary>For each column its codes; those of the first column ascend.</summary>
    public FlatArray<ulong>[] Codes { get; }

    /// <summary>The rows, counted from the first of the part.</summary>
    public FlatArray<int> Ordinals { get; }

    /// <summary>Finds places among the first codes.</summary>
    public LearnedModel Model { get; }

    /// <summary>Tells most keys that are not there; null where it is not worth it.</summary>
    public CodeFilter? Filter { get; private init; }

    /// <summary>The entries.</summary>
    public int Count { get; }

    /// <inheritdoc/>
    public long SizeBytes => ((long)Count * ((Codes.Length * sizeof(ulong)) + sizeof(int)))
        + Model.SizeBytes + (Filter?.SizeBytes ?? 0) + ObjectSizeBytes;

    /// <summary>Tells texts of one code apart; null until that is worth it.</summary>
    public IndexTieCodes? Ties => Volatile.Read(ref _ties);

    /// <summary>Notes that a key was told from others of its code by values.</summary>
    public void NoteTied() => Interlocked.Increment(ref _tiedLookups);

    /// <summary>
    /// Whether <see cref="MakeTies"/> is to be called, soon and once: reading all texts takes long.
    /// </summary>
    public bool TryBeginTies() => _keys[0].IsText
        && Volatile.Read(ref _tiedLookups) > Math.Max(TiedLookupsMin, Count / TiedEntriesShare)
        && Interlocked.Exchange(ref _tiedLookups, int.MinValue) > 0;

    /// <summary>Makes what tells texts of one code apart; of any thread.</summary>
    public void MakeTies(IIndexRows rows) =>
        Volatile.Write(ref _ties, new IndexTieCodes(_keys[0], rows, this));

    /// <summary>The same run with a filter of its keys.</summary>
    public IndexRun Filtered() =>
        new(_keys, Codes, Ordinals, Model) { Filter = new CodeFilter(Codes) };

    /// <summary>Leaves the memory to the collector: nobody counts who reads.</summary>
    public void Lend()
    {
        Volatile.Write(ref _isLent, true);
        Array.ForEach(Codes, static column => column.Lend());
        Ordinals.Lend();
    }

    /// <inheritdoc/>
    public void Release()
    {
        Array.ForEach(Codes, static column => column.Release());
        Ordinals.Release();
        Filter?.Release();
        if (!Volatile.Read(ref _isLent))
        {
            Model.Directory.Release();
        }
    }

    /// <summary>
    /// The entries between bounds, and perhaps others: behind a code that does not tell its value
    /// the codes of the next column are in no order.
    /// </summary>
    public (int Start, int End) Find(in IndexBounds bounds)
    {
        int start = bounds.Low.Length == 0 ? 0 : Place(bounds.Low, isBehind: false);
        int end = bounds.High.Length == 0 ? Count : Place(bounds.High, isBehind: true);
        return (start, Math.Max(start, end));
    }

    /// <summary>
    /// The entries of each of many keys, given by the codes of the first columns; their misses of
    /// the cache overlap.
    /// </summary>
    /// <param name="codes">For each column the codes of the keys.</param>
    /// <param name="starts">Takes the first entry of each key.</param>
    /// <param name="ends">Takes the entry behind the last one.</param>
    public void Find(ulong[][] codes, Span<int> starts, Span<int> ends)
    {
        ReadOnlySpan<ulong> first = codes[0].AsSpan(0, starts.Length);
        LearnedSearch.LowerBounds(Model, Codes[0].Span, first, starts);
        for (int i = 0; i < starts.Length; i++)
        {
            ends[i] = EndOf(first[i], starts[i]);
            for (int column = 1; column < codes.Length && starts[i] < ends[i]
                && _keys[column - 1].IsExact(codes[column - 1][i]); column++)
            {
                (starts[i], ends[i]) = Narrow(column, codes[column][i], starts[i], ends[i]);
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>The entries of one key, given by the codes of the first columns.</summary>
    public (int Start, int End) Find(ReadOnlySpan<ulong> codes)
    {
        int start = LowerBound(codes[0]);
        int end = EndOf(codes[0], start);
        for (int column = 1; column < codes.Length && start < end
            && _keys[column - 1].IsExact(codes[column - 1]); column++)
        {
            (start, end) = Narrow(column, codes[column], start, end);
        }

        return (start, end);
    }

    private int LowerBound(ulong code)
    {
        int place = LearnedSearch.LowerBound<int>(Model, Codes[0].Span, Ordinals.Span, code);
        GC.KeepAlive(this);
        return place;
    }

    // Behind the entries of a code of which the first is known.
    private int EndOf(ulong code, int start)
    {
        ReadOnlySpan<ulong> first = Codes[0].Span;
        int end = start;
        while (end < first.Length && first[end] == code && end - start < NearCount)
        {
            end++;
        }

        GC.KeepAlive(this);
        return end - start < NearCount ? end : Behind(code);
    }

    private int Place(ulong[] bound, bool isBehind)
    {
        int start = LowerBound(bound[0]);
        if (bound.Length == 1)
        {
            return isBehind ? Behind(bound[0]) : start;
        }

        int end = Behind(bound[0]);
        for (int column = 1;
            column < bound.Length && _keys[column - 1].IsExact(bound[column - 1]); column++)
        {
            (start, end) = Narrow(column, bound[column], start, end);
        }

        return isBehind ? end : start;
    }

    private int Behind(ulong code) => code == ulong.MaxValue ? Count : LowerBound(code + 1);

    /// <summary>The entries of a code of a column among entries where that is in order.</summary>
    public (int Start, int End) Narrow(int column, ulong code, int start, int end)
    {
        ReadOnlySpan<ulong> among = Codes[column].Span[start..end];
        int low = LearnedSearch.LowerBoundScalar(among, code);
        int high = code == ulong.MaxValue
            ? among.Length
            : low + LearnedSearch.LowerBoundScalar(among[low..], code + 1);
        GC.KeepAlive(this);
        return (start + low, start + high);
    }
}
