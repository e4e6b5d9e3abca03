using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="VectorTopK"/>: all rows of the answer, computed at once.
/// </summary>
internal sealed class VectorTopKCursor(
    VectorTopK plan, int limit, int offset, ExecutionContext context) : BatchCursor
{
    // Beyond, most rows come close enough to be compared anyway.
    private const int IndexedCountMax = 10_000;

    private TableSnapshot? _snapshot;
    private CandidateRows? _candidates;
    private VectorWindows? _scan;
    private HashSet<int>? _scanned;
    private RowOutput? _output;

    private DataType VectorType =>
        plan.Scan.Table.Schema.Columns[plan.Ranking.VectorOrdinal].Type;

    // The passing rows of all slices, found once.
    private CandidateRows Candidates =>
        _candidates ??= CandidateRows.Select(plan, plan.Scan, context);

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        _output ??= new RowOutput(limit == 0 ? new RowBatch([], 0) : Run());
        return _output.Next();
    }

    private RowBatch Run()
    {
        context.ThrowIfCancelled();
        _snapshot = context.Open(plan.Scan.Table);
        Value query = Conditions.ValueOf(plan.Ranking.Query, context);
        List<Candidate>? found = context.VectorSearches?.Take(plan) is { } known
            ? Fill(known)
            : query.IsNull ? null : SearchIndex(query);
        if (found is null)
        {
            Candidate[] best = query.IsNull
                ? []
                : Scan(
                    query,
                    Candidates,
                    [.. Enumerable.Range(0, Candidates.Slices.Length)]);
            found = Fill(best);
        }

        return Fetch(found, query);
    }

    /// <summary>
    /// The closest rows by an index; null if there is none that serves.
    /// </summary>
    private List<Candidate>? SearchIndex(Value query)
    {
        VectorIndex? index = plan.IndexIn(context);
        int wanted = limit + offset;
        if (index is null || wanted > IndexedCountMax)
        {
            return null;
        }

        VectorWindows.CheckDimension(query.VectorDimension, VectorType);
        using var search = new VectorSearch(
            plan.Metric, VectorConverter.NumbersOf(query).Span, wanted);
        if (!search.IsRankable)
        {
            return null;
        }

        bool isFiltered = plan.Scan.Filter is not null;
        ulong[][]? passing = isFiltered ? Candidates.Masks : null;
        long start = context.Profile?.Clock.GetTimestamp() ?? 0;
        List<int> others = index.Search(
            search, _snapshot!, passing, dial: null, context.Workers);
        context.Profile?.NoteSearch(plan, search.Statistics, start);

        Candidate[] best = Ranks.ToResult(plan.Metric, search.Heap);
        if (others.Count > 0)
        {
            CandidateRows rows = isFiltered
                ? Candidates
                : CandidateRows.Visible(_snapshot!, others);
            best = [.. best, .. Scan(query, rows, others)];
            Array.Sort(best);
        }

        // Where k rows are not found nothing is left out: these are all that have a distance.
        return best.Length < wanted ? Fill(best) : [.. best.AsSpan(0, wanted)];
    }

    private Candidate[] Scan(
        Value query, CandidateRows rows, IReadOnlyList<int> slices)
    {
        VectorWindows.CheckDimension(query.VectorDimension, VectorType);
        _scan = new VectorWindows(
            VectorType, plan.Ranking.VectorOrdinal, rows.Slices, rows.Masks, slices, context);
        _scanned = slices.Count == rows.Slices.Length ? null : [.. slices];
        var scan = new VectorScan(plan.Metric, VectorType, query, limit + offset, context);
        Candidate[] best = _scan.Run(scan);
        if (context.Profile?.Find(plan) is { } profile)
        {
            profile.VectorScan = scan.Statistics.Plus(profile.VectorScan ?? default);
        }

        return best;
    }

    /// <summary>
    /// Adds passing rows without a distance, in the order of the table, until there are enough:
    /// where the kernel found fewer rows than asked for, it found all that have a distance.
    /// </summary>
    private List<Candidate> Fill(Candidate[] best)
    {
        var all = new List<Candidate>(best);
        if (best.Length == limit + offset)
        {
            return all;
        }

        HashSet<long> known = [.. best.Select(candidate => candidate.Id)];
        foreach (long id in Candidates.All())
        {
            if (!known.Contains(id))
            {
                all.Add(new Candidate(double.NaN, id));
            }

            if (all.Count == limit + offset)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>
    /// The output rows. Their distances are computed once more, in the precision of the expression,
    /// so that they are the same by whatever plan.
    /// </summary>
    private RowBatch Fetch(List<Candidate> all, Value query)
    {
        int count = Math.Max(0, all.Count - offset);
        var places = new RowPlace[count];
        var measures = new ColumnBuilder<double>(plan.Ranking.Distance.Type, count);
        for (int i = 0; i < count; i++)
        {
            Candidate candidate = all[offset + i];
            places[i] = _snapshot!.PlaceAt(candidate.Id);
            if (double.IsNaN(candidate.Distance))
            {
                measures.AppendNull();
            }
            else
            {
                measures.AppendElement(plan.Ranking.Distance.ValueFromDistance(
                    DistanceOf(candidate.Id, places[i], query)));
            }
        }

        int[] ordinals = plan.Scan.Ordinals;
        var columns = new List<ColumnBuffer>(plan.Output.Count);
        foreach (int ordinal in ordinals)
        {
            columns.Add(_snapshot!.Fetch(ordinal, places));
        }

        if (plan.Scan.WithRowAddress)
        {
            columns.Add(new ColumnBuffer<long>(
                DataType.BigInt,
                [.. places.Select(static place => TableSnapshot.AddressOf(place).RowId)]));
        }

        columns.Add(measures.Build());
        return new RowBatch([.. columns], count);
    }

    // What a scan found may have been in a window that is gone.
    private double DistanceOf(long id, in RowPlace place, Value query) =>
        _scan is not null && _scanned?.Contains((int)(id / Limits.ChunkRowCount)) != false
            ? _scan.DistanceOf(id)
            : VectorPair.Distance(
                plan.Metric,
                _snapshot!.StoreOf(place, plan.Ranking.VectorOrdinal).ValueAt(place.Row),
                query);
}
