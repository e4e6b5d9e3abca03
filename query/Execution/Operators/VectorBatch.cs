using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The searches of a <see cref="VectorTopK"/> on the right side of a lateral join, done together
/// for many rows of the left side: the rows of the table are read once for all of them, or each
/// thread asks an index on its own. Owned by the cursor of the join.
/// </summary>
internal sealed class VectorBatch
{
    private const long CandidateCountMax = 1 << 20;
    private readonly VectorTopK _plan;
    private readonly ExecutionContext _context;
    private Candidate[]?[] _found = [];
    private int _first;

    private VectorBatch(VectorTopK plan, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
    }

    /// <summary>The row of the left side at hand.</summary>
    public int Row { get; set; }

    /// <summary>The row behind the last one that was searched for.</summary>
    public int End => _first + _found.Length;

    private DataType Type => _plan.Scan.Table.Schema.Columns[_plan.Ranking.VectorOrdinal].Type;

    /// <summary>
    /// The batch for the right side of a join; null if its searches depend on more of the left
    /// side than the vector.
    /// </summary>
    public static VectorBatch? TryMake(PlanNode right, ExecutionContext context)
    {
        return Find(right) is { } plan
            && context.Accelerator.Accelerator.Kind == AcceleratorKind.Cpu
            && IsFree(plan.Scan.Filter?.Expression) && plan.HasFreePassing
            && IsFree(plan.Ranking.Limit) && IsFree(plan.Ranking.Offset)
                ? new VectorBatch(plan, context)
                : null;
    }

    /// <summary>
    /// The candidates that the plan below a search gives; found once where they are the same for
    /// all rows of the enclosing query.
    /// </summary>
    public static PassingMasks PassingOf(
        VectorTopK plan, TableSnapshot snapshot, ExecutionContext context)
    {
        if (!plan.HasFreePassing)
        {
            return PassingMasks.Of(plan.Passing!, snapshot, context);
        }

        KnownPassing known = context.State.Get<KnownPassing>(plan);
        return known.Masks ??= PassingMasks.Of(plan.Passing!, snapshot, context);
    }

    /// <summary>Forgets what was found: the rows are others.</summary>
    public void Clear()
    {
        _found = [];
        _first = 0;
    }

    /// <summary>
    /// Searches for rows of the left side from one on, whose vectors are given; for some of them
    /// perhaps not.
    /// </summary>
    public void Search(int first, Value[] queries)
    {
        _first = first;
        _found = new Candidate[]?[queries.Length];
        long limit = Conditions.CountOf(_plan.Ranking.Limit, long.MaxValue, _context);
        long offset = Conditions.CountOf(_plan.Ranking.Offset, 0, _context);
        int[] asked = [.. Enumerable.Range(0, queries.Length).Where(
            i => !queries[i].IsNull && queries[i].VectorDimension == Type.Length)];
        if (limit is 0 or > VectorTopK.IndexedCountMax
            || offset > VectorTopK.IndexedCountMax || asked.Length < 2
            || (limit + offset) * asked.Length > CandidateCountMax)
        {
            return;
        }

        TableSnapshot snapshot = _context.Open(_plan.Scan.Table);
        CandidateRows rows = _plan.Passing is null
            ? CandidateRows.Select(_plan, _plan.Scan, _context)
            : PassingOf(_plan, snapshot, _context).Candidates;
        int k = (int)(limit + offset);
        Candidate[][]? answers = _plan.IndexIn(_context) is { } index
            ? ByIndex(index, snapshot, rows, asked, queries, k)
            : Scan(rows, Enumerable.Range(0, rows.Slices.Length), asked, queries, k);
        for (int i = 0; answers is not null && i < asked.Length; i++)
        {
            _found[asked[i]] = answers[i];
        }
    }

    /// <summary>
    /// The closest rows for the row at hand, if they were searched for by this plan.
    /// </summary>
    public Candidate[]? Take(VectorTopK plan) => ReferenceEquals(plan, _plan) && Row < End
        ? _found[Row - _first]
        : null;

    /// <summary>The vector that a row of the left side asks for.</summary>
    public Value QueryOf(ExecutionContext row) => Conditions.ValueOf(_plan.Ranking.Query, row);

    // Through what opens its inputs once for each row of the left side, or not more often.
    private static VectorTopK? Find(PlanNode node) => node switch
    {
        VectorTopK { Ranking: { Query: OuterExpression, TieKey: null } ranking } top
            when !ranking.IsFarthest && top.Groups.Length == 0 => top,
        VectorTopK or Apply or SharedRows or Recursion => null,
        _ => node.Children.Select(Find).FirstOrDefault(static found => found is not null),
    };

    private static bool IsFree(Expression? expression) =>
        expression is null
        || !expression.Any(static part => part is OuterExpression or SubqueryExpression);

    private Candidate[][]? ByIndex(
        VectorIndex index, TableSnapshot snapshot, CandidateRows rows, int[] asked,
        Value[] queries, int k)
    {
        var answers = new Candidate[asked.Length][];
        ulong[][]? passing = _plan.IsFiltered ? rows.Masks : null;
        List<int>[] others = new List<int>[asked.Length];
        var done = new VectorSearchStatistics[asked.Length];
        long start = _context.Profile?.Clock.GetTimestamp() ?? 0;
        _ = snapshot.SliceCount;
        _context.Workers.ForEach(asked.Length, i =>
        {
            _context.ThrowIfCancelled();
            using var search = new VectorSearch(
                _plan.Metric, VectorConverter.NumbersOf(queries[asked[i]]).Span, k);
            others[i] = search.IsRankable
                ? index.Search(search, snapshot, passing, dial: null)
                : [-1];
            done[i] = search.Statistics;
            answers[i] = search.ToResult();
        });
        _context.Profile?.NoteSearch(
            _plan,
            done.Aggregate(default(VectorSearchStatistics), static (a, b) => a.Plus(b)),
            start);
        if (Array.Exists(others, list => !list.SequenceEqual(others[0])) || others[0] is [-1])
        {
            return null;
        }

        if (others[0].Count == 0)
        {
            return answers;
        }

        Candidate[][]? scanned = Scan(rows, others[0], asked, queries, k);
        for (int i = 0; scanned is not null && i < answers.Length; i++)
        {
            Candidate[] both = [.. answers[i], .. scanned[i]];
            Array.Sort(both);
            answers[i] = both.Length > k ? both[..k] : both;
        }

        return scanned is null ? null : answers;
    }

    private Candidate[][]? Scan(
        CandidateRows rows, IEnumerable<int> slices, int[] asked, Value[] queries, int k)
    {
        int[] searched = [.. slices];
        int ordinal = _plan.Ranking.VectorOrdinal;
        bool isResident = Array.TrueForAll(
            searched, i => rows.Slices[i].IsResident(ordinal));
        if (!isResident)
        {
            return null;
        }

        IEnumerable<Value> vectors = asked.Select(i => queries[i]);
        switch (Type.Kind)
        {
            case TypeKind.Vector:
                return Run<float, float>(rows, searched, Numbers(vectors), asked.Length, k);
            case TypeKind.HalfVector:
                return Run<Half, float>(rows, searched, Numbers(vectors), asked.Length, k);
            case TypeKind.Int8Vector when vectors.All(
                static vector => vector.Kind == TypeKind.Int8Vector):
                return Run<sbyte, sbyte>(rows, searched, Bytes<sbyte>(vectors), asked.Length, k);
            case TypeKind.BitVector:
                return Run<byte, byte>(rows, searched, Bytes<byte>(vectors), asked.Length, k);
            default:
                return null;
        }
    }

    private static float[] Numbers(IEnumerable<Value> vectors) =>
        [.. vectors.SelectMany(
            static vector => VectorConverter.NumbersOf(vector).ToArray())];

    private static T[] Bytes<T>(IEnumerable<Value> vectors)
        where T : unmanaged => [.. vectors.SelectMany(static vector =>
            MemoryMarshal.Cast<byte, T>(vector.AsCompactVector().Bytes.Span).ToArray())];

    private unsafe Candidate[][] Run<TElement, TQuery>(
        CandidateRows rows, int[] slices, TQuery[] queries, int count, int k)
        where TElement : unmanaged
        where TQuery : unmanaged
    {
        int ordinal = _plan.Ranking.VectorOrdinal;
        var windows = new VectorWindows(Type, ordinal, rows.Slices, rows.Masks, slices, _context);
        var blocks = new VectorBlock<TElement>[slices.Length];
        for (int i = 0; i < blocks.Length; i++)
        {
            VectorPiece piece = windows.PieceOf(slices[i]);
            blocks[i] = new VectorBlock<TElement>(
                RowsOf<TElement>(piece),
                piece.Count,
                piece.Store.StrideBytes / sizeof(TElement),
                piece.FirstId,
                piece.Mask);
        }

        try
        {
            return ParallelBatch.Run(
                _context.Workers,
                _plan.Metric,
                new QueryBatch<TQuery>(queries, count, queries.Length / count),
                k,
                blocks,
                _context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            _context.ThrowIfCancelled();
            throw;
        }
    }

    private static ReadOnlyMemory<TElement> RowsOf<TElement>(VectorPiece piece)
        where TElement : unmanaged
    {
        if (piece.Store is CompactVectorStore compact)
        {
            return compact.RowsOf<TElement>(piece.Count);
        }

        ReadOnlyMemory<float> floats = ((FloatVectorStore)piece.Store).RowsOf(piece.Count);
        return Unsafe.As<ReadOnlyMemory<float>, ReadOnlyMemory<TElement>>(ref floats);
    }

    /// <summary>What one execution remembers of the candidates of a search.</summary>
    private sealed class KnownPassing
    {
        public PassingMasks? Masks { get; set; }
    }
}
