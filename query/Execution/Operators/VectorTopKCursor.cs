using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="VectorTopK"/>: all rows of the answer, computed at once.
/// </summary>
internal sealed class VectorTopKCursor(
    VectorTopK plan, int limit, int offset, ExecutionContext context) : BatchCursor
{
    // So few rows are compared one by one.
    private const int FewCountMax = 1000;

    // As many more are asked for at first where it matters which rows are as near as the last.
    private const int TieCountFirst = 16;

    private int _wanted = (int)Math.Min(TopKHeap.CapacityMax, (long)limit + offset);
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
        if (plan.Passing is not null)
        {
            PassingMasks passing = VectorBatch.PassingOf(plan, _snapshot, context);
            if ((passing.Count <= FewCountMax && plan.Groups.Length == 0
                    && !plan.Ranking.IsFarthest)
                || (long)limit + offset > TopKHeap.CapacityMax)
            {
                return Fetch(Few([.. passing.Positions()], query));
            }

            _candidates = passing.Candidates;
        }

        if (plan.Groups.Length > 0 || plan.Ranking.IsFarthest)
        {
            return Fetch(plan.Ranking.IsFarthest ? Farthest(query) : OfGroups(limit, query));
        }

        return Fetch(
            plan.Ranking.TieKey is null ? [.. Measured(query)] : WithTies(query));
    }

    private List<Candidate> OfGroups(int wanted, Value query)
    {
        if (!query.IsNull)
        {
            VectorWindows.CheckDimension(query.VectorDimension, VectorType);
        }

        return new NearestOfGroups(plan, wanted, context).Find(Candidates, query)
            .ConvertAll(row => Measure(row, query));
    }

    // Of rows that are as far the first of the table; rows without a distance come last.
    private List<Candidate> Farthest(Value query) =>
    [
        .. OfGroups(limit + offset, query)
            .OrderBy(static row => double.IsNaN(row.Distance) ? 1 : 0)
            .ThenByDescending(static row => row.Distance)
            .ThenBy(static row => row.Id)
            .Take(limit + offset),
    ];

    /// <summary>
    /// The nearest rows by the distances that the expression gives, which tell more apart than
    /// those of kernels. Where numbers are too large or too small for kernels, all rows have theirs
    /// computed.
    /// </summary>
    private Candidate[] Measured(Value query)
    {
        if (!query.IsNull && !VectorScale.IsOrdinary(plan.Metric, query))
        {
            return RankAll(query);
        }

        List<Candidate> found = Nearest(query);
        var measured = new Candidate[found.Count];
        int count = 0;
        for (int i = 0; i < measured.Length; i++)
        {
            measured[i] = Measure(found[i], query);
            count += double.IsNaN(found[i].Distance) ? 0 : 1;
            if (VectorScale.IsLost(found[i].Distance, measured[i].Distance))
            {
                return RankAll(query);
            }
        }

        // Rows without a distance come last.
        Array.Sort(measured, 0, count);
        return measured;
    }

    private Candidate Measure(Candidate row, Value query) => double.IsNaN(row.Distance)
        ? row
        : row with { Distance = DistanceOf(row.Id, _snapshot!.PlaceAt(row.Id), query) };

    private Candidate[] RankAll(Value query) => RankFew([.. Candidates.All()], query, _wanted);

    private List<Candidate> Nearest(Value query)
    {
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

        return found;
    }

    // More and more rows, until all are among them that are as near as the last one wanted.
    private List<Candidate> WithTies(Value query)
    {
        var ties = new NearestTies(plan.Ranking, limit + offset, context);
        _wanted = (int)Math.Min(TopKHeap.CapacityMax, (long)limit + offset + TieCountFirst);
        while (true)
        {
            Candidate[] found = Measured(query);
            if (ties.Cut(found, found.Length < _wanted) is { } cut)
            {
                return [.. cut];
            }

            if (_wanted == TopKHeap.CapacityMax)
            {
                return Few([.. Candidates.All()], query);
            }

            _wanted = (int)Math.Min(TopKHeap.CapacityMax, 4L * _wanted);
        }
    }

    // Rows without a distance come last.
    private static Candidate[] Ordered(IEnumerable<Candidate> rows) =>
        [.. rows
            .OrderBy(static row => double.IsNaN(row.Distance) ? 1 : 0)
            .ThenBy(static row => row.Distance)
            .ThenBy(static row => row.Id)];

    /// <summary>The answer out of some rows, each compared.</summary>
    private List<Candidate> Few(long[] positions, Value query)
    {
        int wanted = (int)Math.Min(positions.Length, (long)limit + offset);
        bool hasTies = plan.Ranking.TieKey is not null && wanted > 0;
        Candidate[] rows = RankFew(positions, query, hasTies ? positions.Length : wanted);
        return hasTies
            ? [.. new NearestTies(plan.Ranking, wanted, context).Cut(rows, isAll: true)!]
            : [.. rows];
    }

    /// <summary>The nearest of some rows, each compared.</summary>
    private Candidate[] RankFew(long[] positions, Value query, int wanted)
    {
        if (!query.IsNull)
        {
            VectorWindows.CheckDimension(query.VectorDimension, VectorType);
        }

        Candidate[] rows = Ordered(positions.Select(position =>
        {
            RowPlace place = _snapshot!.PlaceAt(position);
            bool isNull = query.IsNull
                || _snapshot.StoreOf(place, plan.Ranking.VectorOrdinal).IsNull(place.Row);
            return new Candidate(
                isNull ? double.NaN : DistanceOf(position, place, query), position);
        }));
        if (context.Profile?.Find(plan) is { } profile)
        {
            profile.VectorScan = new VectorScanStatistics(rows.Length, 0, 0)
                .Plus(profile.VectorScan ?? default);
        }

        return rows[..Math.Min(rows.Length, wanted)];
    }

    /// <summary>
    /// The closest rows by an index; null if there is none that serves.
    /// </summary>
    private List<Candidate>? SearchIndex(Value query)
    {
        VectorIndex? index = plan.IndexIn(context);
        if (index is null || _wanted > VectorTopK.IndexedCountMax)
        {
            return null;
        }

        VectorWindows.CheckDimension(query.VectorDimension, VectorType);
        using var search = new VectorSearch(
            plan.Metric, VectorConverter.NumbersOf(query).Span, _wanted);
        if (!search.IsRankable)
        {
            return null;
        }

        bool isFiltered = plan.IsFiltered;
        ulong[][]? passing = isFiltered ? Candidates.Masks : null;
        long start = context.Profile?.Clock.GetTimestamp() ?? 0;
        List<int> others = index.Search(
            search, _snapshot!, passing, dial: null, context.Workers);
        context.Profile?.NoteSearch(plan, search.Statistics, start);

        Candidate[] best = search.ToResult();
        if (others.Count > 0)
        {
            CandidateRows rows = isFiltered
                ? Candidates
                : CandidateRows.Visible(_snapshot!, others);
            best = [.. best, .. Scan(query, rows, others)];
            Array.Sort(best);
        }

        // Where k rows are not found nothing is left out: these are all that have a distance.
        return best.Length < _wanted ? Fill(best) : [.. best.AsSpan(0, _wanted)];
    }

    private Candidate[] Scan(
        Value query, CandidateRows rows, IReadOnlyList<int> slices)
    {
        VectorWindows.CheckDimension(query.VectorDimension, VectorType);
        _scan = new VectorWindows(
            VectorType, plan.Ranking.VectorOrdinal, rows.Slices, rows.Masks, slices, context);
        _scanned = slices.Count == rows.Slices.Length ? null : [.. slices];
        var scan = new VectorScan(plan.Metric, VectorType, query, _wanted, context);
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
        if (best.Length >= _wanted)
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

            if (all.Count == _wanted)
            {
                break;
            }
        }

        return all;
    }

    /// <summary>
    /// The output rows. Their distances are those of the expression, the same by whatever plan.
    /// </summary>
    private RowBatch Fetch(List<Candidate> all)
    {
        int skipped = plan.Ranking.IsFinal ? offset : 0;
        int count = Math.Max(0, all.Count - skipped);
        var places = new RowPlace[count];
        var measures = new ColumnBuilder<double>(plan.Output[^1].Type, count);
        for (int i = 0; i < count; i++)
        {
            Candidate candidate = all[skipped + i];
            places[i] = _snapshot!.PlaceAt(candidate.Id);
            if (double.IsNaN(candidate.Distance))
            {
                measures.AppendNull();
            }
            else
            {
                measures.AppendElement(
                    plan.Ranking.Distance.ValueFromDistance(candidate.Distance));
            }
        }

        int[] ordinals = plan.Scan.Ordinals;
        var columns = new ColumnBuffer[plan.Output.Count];
        for (int i = 0; i < plan.Fetched.Length; i++)
        {
            int column = plan.Fetched[i];
            columns[i] = column < ordinals.Length
                ? _snapshot!.Fetch(ordinals[column], places)
                : new ColumnBuffer<long>(
                    DataType.BigInt,
                    [.. places.Select(static place => TableSnapshot.AddressOf(place).RowId)]);
        }

        columns[^1] = measures.Build();
        return new RowBatch(columns, count);
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
