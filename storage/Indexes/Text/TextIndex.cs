using System.Runtime.CompilerServices;

namespace NeuroDb.Storage;

/// <summary>
/// The words of a text column: postings for each chunk of rows, made when a chunk is first searched
/// and kept as long as the part of the table that it belongs to. Rows of a chunk never change, so
/// neither do postings; which rows a snapshot sees is asked at each search, and deleted rows, other
/// transactions' rows and rollbacks need no work here. Safe for several threads.
/// </summary>
internal sealed class TextIndex : IIndexStructure
{
    private readonly TableEntry _table;
    private readonly ITextAnalyzer _analyzer;
    private readonly ConditionalWeakTable<object, PartPostings> _parts = [];
    private long _lookupCount;

    /// <summary>Makes an empty index of a column of type TEXT.</summary>
    public TextIndex(TableEntry table, IndexSchema schema, ITextAnalyzer analyzer)
    {
        Invariant.Check(schema.Kind == IndexKind.Bm25 && schema.Columns.Count == 1);
        _table = table;
        _analyzer = analyzer;
        Ordinal = schema.Columns[0].Ordinal;
        Options = TextIndexOptions.Of(schema);
    }

    /// <summary>The column.</summary>
    public int Ordinal { get; }

    /// <summary>The parameters of the ranking.</summary>
    public TextIndexOptions Options { get; }

    /// <summary>The terms of a text; the length in words is given back.</summary>
    public int Analyze(ReadOnlySpan<char> text, List<ulong> terms) =>
        _analyzer.Analyze(text, terms);

    /// <summary>
    /// The postings of a slice of a snapshot of the table; those of the transaction's own rows are
    /// made for this call only.
    /// </summary>
    /// <param name="snapshot">The rows.</param>
    /// <param name="slice">The number of the slice.</param>
    /// <param name="rows">The slice.</param>
    public TextPostings PostingsOf(TableSnapshot snapshot, int slice, out TableSlice rows)
    {
        rows = snapshot.Slice(slice);
        if (!snapshot.TryLocate(slice, out RowPart? part, out int chunk))
        {
            return Complete(new TextPostings(_analyzer), rows);
        }

        PartPostings postings = _parts.GetValue(
            part is SealedRows sealedRows ? sealedRows.File : part, static _ => new());
        return Complete(postings.Of(chunk, _analyzer), rows);
    }

    /// <summary>What a ranking by some terms needs to know of a snapshot.</summary>
    public TextStatistics StatisticsOf(
        TableSnapshot snapshot, IReadOnlyList<ulong> terms, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _lookupCount);
        long textCount = 0;
        long lengthSum = 0;
        var counts = new long[terms.Count];
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            TextPostings postings = PostingsOf(snapshot, i, out TableSlice slice);
            lock (postings)
            {
                Count(postings, slice, ref textCount, ref lengthSum);
                for (int term = 0; term < counts.Length; term++)
                {
                    counts[term] += CountOf(postings.Find(terms[term]).Rows, slice);
                }
            }
        }

        return new TextStatistics(textCount, lengthSum, counts);
    }

    /// <inheritdoc/>
    public IndexStatistics Statistics()
    {
        long rows = 0;
        long bytes = 0;
        long chunks = 0;
        foreach ((_, PartPostings part) in _parts)
        {
            foreach (TextPostings postings in part.All())
            {
                lock (postings)
                {
                    rows += postings.Count;
                    bytes += postings.SizeBytes;
                }

                chunks++;
            }
        }

        return new IndexStatistics(
            "postings",
            rows,
            bytes,
            RunCount: chunks,
            LookupCount: Volatile.Read(ref _lookupCount));
    }

    /// <inheritdoc/>
    public void Build(CancellationToken cancellation)
    {
        foreach (RowPart part in _table.Rows.Layout.Parts.ToArray())
        {
            if (part is not SealedRows sealedRows)
            {
                continue;
            }

            PartPostings postings = _parts.GetValue(sealedRows.File, static _ => new());
            for (int chunk = 0; chunk < sealedRows.File.ChunkCount; chunk++)
            {
                cancellation.ThrowIfCancellationRequested();
                TextPostings some = postings.Of(chunk, _analyzer);
                lock (some)
                {
                    int count = sealedRows.File.RowCountOf(chunk);
                    if (some.Count < count)
                    {
                        ColumnBuffer texts =
                            sealedRows.StoreOf(chunk, Ordinal).View(count, large: null);
                        some.AddUpTo((ColumnBuffer<string>)texts, count);
                    }
                }
            }
        }
    }

    private static void Count(
        TextPostings postings, TableSlice slice, ref long textCount, ref long lengthSum)
    {
        if (slice.VisibleMask.IsEmpty && postings.Count == slice.Count)
        {
            textCount += postings.TextCount;
            lengthSum += postings.LengthSum;
            return;
        }

        ReadOnlySpan<int> lengths = postings.Lengths;
        for (int row = 0; row < slice.Count; row++)
        {
            if (slice.IsVisible(row) && !postings.IsNull(row))
            {
                textCount++;
                lengthSum += lengths[row];
            }
        }
    }

    private static int CountOf(ReadOnlySpan<ushort> rows, TableSlice slice)
    {
        if (slice.VisibleMask.IsEmpty && (rows.IsEmpty || rows[^1] < slice.Count))
        {
            return rows.Length;
        }

        int count = 0;
        foreach (ushort row in rows)
        {
            if (row >= slice.Count)
            {
                break;
            }

            count += slice.IsVisible(row) ? 1 : 0;
        }

        return count;
    }

    private TextPostings Complete(TextPostings postings, TableSlice slice)
    {
        lock (postings)
        {
            if (postings.Count < slice.Count)
            {
                postings.AddUpTo((ColumnBuffer<string>)slice.Column(Ordinal), slice.Count);
                slice.Release();
            }
        }

        return postings;
    }

    /// <summary>The postings of the chunks of one part of the table.</summary>
    private sealed class PartPostings
    {
        private readonly List<TextPostings?> _chunks = [];

        public TextPostings Of(int chunk, ITextAnalyzer analyzer)
        {
            lock (_chunks)
            {
                while (_chunks.Count <= chunk)
                {
                    _chunks.Add(null);
                }

                return _chunks[chunk] ??= new TextPostings(analyzer);
            }
        }

        public TextPostings[] All()
        {
            lock (_chunks)
            {
                return [.. _chunks.OfType<TextPostings>()];
            }
        }
    }
}
