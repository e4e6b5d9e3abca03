namespace NeuroDb.Storage;

/// <summary>
/// Finds the <see cref="VectorDial"/> of a part that gives the recall that was asked for at the
/// least cost: rows of the part are queries, without themselves.
/// </summary>
/// <remarks>
/// True neighbours are found by going through all lists, or those within a reach beyond which there
/// are hardly any (<see cref="CalibrationSample"/>). The reach at which most of the misses that are
/// allowed happen is read off these; then the confidence at which the rest does is looked for,
/// among a few, from the lowest on, and what it leaves of the misses is given to the reach. Since
/// rows of the part are a little easier than other queries, fewer misses are aimed at than allowed.
/// Under the inner product queries are often unlike the rows, and their neighbours are the longest
/// rows, not the nearest: directions at random are asked as well, and each must meet the target.
/// The result depends on part, rows and seed only.
/// </remarks>
internal sealed partial class VectorCalibrator
{
    private const int QueriesMax = 400;
    private const int PilotQueries = 32;
    private const int MiddleQueriesMax = 128;
    private const int WideQueriesMax = 16;
    private const int WideRowsMin = 4 * VectorDial.WideCount;
    private const double Caution = 0.9;

    // Of few misses, chance has a larger share.
    private const double HighCaution = 0.5;
    private const double ReachShare = 0.7;
    private const double LeftShare = 0.85;

    // Of the queries; the others tell by what they found that they go farther.
    private const double UsualShare = 0.95;

    // Few queries may leave out those that need the most.
    private const double FewShare = 0.35;
    private const float ReachMax = 1.5f;

    // Few misses are counted only where many are asked.
    private const double HighRecall = 0.995;
    private const int HighRecallFactor = 4;

    // How far beyond the farthest of the queries that were asked others like them may be.
    private const int FarCountMin = 32;
    private const double FarQuantile = 0.9;

    // Where queries unlike the rows miss too much, limits become tighter in these steps: how far
    // they lie beyond the farthest of the rows, for distances and for ratios, and then which share
    // of the rows lies beyond them.
    private static readonly (float Distance, float Ratio, double Share)[] Margins =
        [(0.25f, 0.5f, 0), (0.25f, 0.25f, 0), (0, 0, 0), (0, 0, 0.01), (0, 0, 0.03)];
    private const int UnlikeQueries = 24;

    // Kinds of which some need nearly the whole reach are asked by more: of few queries chance says
    // more than half a point.
    private const int DoubtfulQueries = 96;
    private const float DoubtShare = 0.7f;

    // Of the misses that are allowed, since other kinds may miss more; so few misses are too much
    // for what is asked.
    private const double UnlikeCaution = 0.5;
    private const double UnlikeRecallMax = 0.99;
    private const int MiddleUnlikeQueries = 12;
    private const float FartherStep = 1.4f;
    private const float FartherMax = 4;

    // Of the spread of rows: equal distances differ by less.
    private const float Rounding = 1e-4f;

    // What was calibrated when it had fewer rows is like what it was.
    private const int AgainShare = 2;

    // Few lists that are farther than this many times the reach that some queries need have any of
    // the true neighbours, and than the least: only where the neighbours found say otherwise are
    // all searched for them.
    private const float TruthFactor = 2;
    private const float ReachOfTruthMin = 0.6f;
    private const int FarShare = 8;

    // A row is lost to such bounds once in thirty thousand times.
    private const float ConfidenceMax = 4;

    // Where the codes of a list are all about the same, as those of rows on a line, their errors
    // are not independent of each other.
    private const float ConfidenceSure = 6;

    // Of the misses: bounds that do not hold for rows hold less for other queries.
    private const double BoundShare = 0.25;

    // And once in two thousand times to these, by which the true neighbours are found at half the
    // cost where many rows are about equally near.
    private const float ConfidenceOfTruth = 3.3f;

    // A list whose least reach this is must not be left out by rounding.
    private const float ReachRounding = 1.001f;

    // Where rows lie in tight groups, queries among them need less, but others would miss most of
    // what is near them. It costs little: where neighbours are close by, so are the lists in reach.
    private const float ReachMin = 0.2f;

    // Lower ones save little, and cost recall where queries are unlike the rows: then the k-th best
    // is one of many that lie equally far.
    private static readonly float[] Confidences = [2.2f, 2.5f, 3, ConfidenceMax, ConfidenceSure];

    private readonly IWorkers _workers;
    private readonly VectorPart _part;
    private readonly VectorRows _rows;
    private readonly ulong _seed;
    private readonly CancellationToken _cancellation;

    private VectorCalibrator(
        IWorkers workers, VectorPart part, VectorRows rows, ulong seed,
        CancellationToken cancellation)
    {
        _workers = workers;
        _part = part;
        _rows = rows;
        _seed = seed;
        _cancellation = cancellation;
    }

    /// <summary>The same part with the dial for a recall.</summary>
    public static VectorPart Calibrate(
        IWorkers workers, VectorPart part, VectorRows rows, double targetRecall, ulong seed,
        CancellationToken cancellation) => part.RowCount < 2 || targetRecall >= 1
            ? part.With(VectorDial.Full, targetRecall, 1)
            : new VectorCalibrator(workers, part, rows, seed, cancellation)
                .Calibrate(targetRecall);

    private VectorPart Calibrate(double targetRecall)
    {
        double misses = (1 - targetRecall) * (targetRecall > HighRecall ? HighCaution : Caution);
        int more = targetRecall > HighRecall ? HighRecallFactor : 1;
        int share = _part.CalibratedRowCount > 0 ? AgainShare : 1;
        CalibrationSample near = AskNear(
            Draw(more * QueriesMax / share), (1 - targetRecall) / FarShare);
        UsualDistances usual = UsualOf(near, null, null, Margins[0]);
        near.Leave(usual);
        float reach = ReachOf(near.ReachFor(misses * ReachShare));
        var dial = new VectorDial(reach, ConfidenceMax);
        double recall = 0;
        for (int i = 0; i < Confidences.Length && (recall < 1 - misses
            || near.MissesWithin(reach) > BoundShare * misses); i++)
        {
            dial = new VectorDial(reach, Confidences[i])
            {
                MissingMax = 1,
                Usual = usual,
            };
            recall = near.RecallOf(dial);
        }

        double left = LeftShare * (misses - near.MissesWithin(reach));
        if (left > misses * ReachShare)
        {
            reach = ReachOf(near.ReachFor(left));
            recall = near.RecallWithin(reach);
        }

        dial = dial with
        {
            Usual = usual,
            Reach = reach,
            MissingMax = Math.Max(
                (float)(1 - targetRecall), near.MissingFor(UsualShare)),
        };
        CalibrationSample? middle = null;
        CalibrationSample? wide = null;
        if (_part.RowCount >= WideRowsMin && !float.IsPositiveInfinity(reach))
        {
            middle = AskAll(Draw(more * MiddleQueriesMax / share), VectorDial.MiddleCount);
            wide = AskAll(Draw(more * WideQueriesMax), VectorDial.WideCount);
            usual = UsualOf(near, middle, wide, Margins[0]);
            middle.Leave(usual);
            wide.Leave(usual);
            dial = dial with
            {
                MiddleReach = ReachOf(middle.ReachFor(misses * FewShare)),
                WideReach = ReachOf(wide.ReachFor(misses * FewShare)),
            };
        }

        dial = Widen(
            dial, targetRecall, middle is not null,
            Array.ConvertAll(Margins, margin => UsualOf(near, middle, wide, margin)));
        return _part.With(dial, targetRecall, recall);
    }

    /// <summary>
    /// Sees to it that queries of kinds unlike the rows meet the target, too: more of them are
    /// taken for such as go through all lists, and if that does not do, all searches go farther.
    /// </summary>
    private VectorDial Widen(
        VectorDial dial, double targetRecall, bool isMiddleKnown, UsualDistances[] usual)
    {
        double wanted = Math.Max(
            targetRecall, Math.Min(UnlikeRecallMax, 1 - (UnlikeCaution * (1 - targetRecall))));
        var samples = new List<CalibrationSample>
        {
            AskUnlike(UnlikeQueries, VectorDial.NearCount),
        };
        AskDoubtful(samples[0], DoubtfulQueries, dial.Reach, usual[0]);
        if (isMiddleKnown)
        {
            samples.Add(AskUnlike(MiddleUnlikeQueries, VectorDial.MiddleCount));
        }

        var dials = new List<VectorDial>
        {
            dial, With(dial, ConfidenceMax), With(dial, ConfidenceSure),
            dial with { MissingMax = (float)(1 - targetRecall) },
        };
        for (float factor = FartherStep; factor < FartherMax; factor *= FartherStep)
        {
            dials.Add(dial.Times(factor));
        }

        foreach (VectorDial farther in dials.Distinct())
        {
            samples.ForEach(sample => sample.RecallOf(farther with { Usual = null }));
            int enough = Array.FindIndex(usual, limits => samples.TrueForAll(sample =>
                sample.LeastRecall(limits) >= wanted));
            if (enough >= 0)
            {
                return farther with { Usual = usual[enough] };
            }
        }

        return With(dial, ConfidenceSure).Times(float.PositiveInfinity) with
        {
            Usual = usual[^1],
        };
    }

    private static VectorDial With(VectorDial dial, float confidence) =>
        dial with { Confidence = Math.Max(dial.Confidence, confidence) };

    /// <summary>
    /// The nearest of queries, of all lists where some of the queries say that these are needed.
    /// </summary>
    private CalibrationSample AskNear(CalibrationQuery[] queries, double farShare)
    {
        int step = Math.Max(1, queries.Length / PilotQueries);
        CalibrationQuery[] pilot = [.. queries.Where((_, i) => i % step == 0)];
        CalibrationSample sample = AskNear(pilot, float.PositiveInfinity);
        if (pilot.Length == queries.Length)
        {
            return sample;
        }

        float reach = Math.Max(ReachOfTruthMin, TruthFactor * sample.ReachFor(0));
        sample = AskNear(queries, reach);
        return sample.ShareBeyond(reach / TruthFactor) <= farShare
            ? sample
            : AskNear(queries, float.PositiveInfinity);
    }

    private CalibrationSample AskNear(CalibrationQuery[] queries, float reach) =>
        Ask(queries, VectorDial.NearCount, new VectorDial(reach, ConfidenceOfTruth));

    private CalibrationSample AskAll(CalibrationQuery[] queries, int count) => Ask(
        queries, count, new VectorDial(float.PositiveInfinity, ConfidenceOfTruth));

    private CalibrationSample AskUnlike(int queryCount, int count) => Ask(
        CalibrationQuery.DrawUnlike(_part, _rows, queryCount, _seed), count,
        VectorDial.Certain);

    /// <summary>
    /// Asks so many more queries of each kind unlike the rows of which some need nearly a reach.
    /// </summary>
    private void AskDoubtful(
        CalibrationSample sample, int queryCount, float reach, UsualDistances usual)
    {
        HashSet<int> kinds = sample.KindsBeyond(DoubtShare * reach, usual);
        sample.Add(
        [
            .. CalibrationQuery.DrawUnlike(_part, _rows, kinds.Count == 0 ? 0 : queryCount, ~_seed)
                .Where(query => kinds.Contains(query.Kind)),
        ]);
    }

    private CalibrationSample Ask(CalibrationQuery[] queries, int count, VectorDial truth) => new(
        _workers, _part, _rows, queries, count, truth, _cancellation);

    private CalibrationQuery[] Draw(int count)
    {
        CalibrationQuery[] rows = CalibrationQuery.DrawRows(_part, _rows, count, _seed);
        return _part.CodeMetric == Gpu.Metric.InnerProduct
            ? [.. rows, .. CalibrationQuery.DrawDirections(_rows.Dimension, count, _seed)]
            : rows;
    }

    private UsualDistances UsualOf(
        CalibrationSample near, CalibrationSample? middle, CalibrationSample? wide,
        (float Distance, float Ratio, double Share) margin)
    {
        float rounding = Rounding * (float)Math.Sqrt(_part.SquaredSpread);
        float[] centroids = near.ValuesOf(0, static query => query.Centroid);
        float[] depths = near.ValuesOf(0, static query => query.Depth);
        return new UsualDistances(
            LimitsOf(static query => query.Farthest, rounding, margin.Distance),
            LimitsOf(static query => query.Spread, Rounding, margin.Ratio),
            -LimitOf(Opposite(centroids), rounding, margin.Distance, margin.Share),
            LimitOf(centroids, rounding, margin.Distance, margin.Share),
            -LimitOf(Opposite(depths), Rounding, margin.Ratio, margin.Share),
            LimitOf(depths, Rounding, margin.Ratio, margin.Share));

        UsualLimits LimitsOf(
            Func<QueryDistances, float> value, float rounding, float growth)
        {
            const int Last = VectorDial.NearCount - 1;
            const int MiddleLast = VectorDial.MiddleCount - 1;
            const int WideLast = VectorDial.WideCount - 1;
            float atMiddle = middle is null
                ? float.PositiveInfinity
                : LimitOf(
                    middle.ValuesOf(MiddleLast, value), rounding, growth, margin.Share);
            float[] wider = wide?.GrowthBetween(MiddleLast, WideLast, value) ?? [];
            return new UsualLimits(
                LimitOf(near.ValuesOf(0, value), rounding, growth, margin.Share),
                LimitOf(near.ValuesOf(Last, value), rounding, growth, margin.Share),
                atMiddle,
                wider.Length == 0
                    ? float.PositiveInfinity
                    : atMiddle + wider[(int)(FarQuantile * (wider.Length - 1))]);
        }
    }

    private static float[] Opposite(float[] ordered) =>
        [.. ordered.Reverse().Select(static value => -value)];

    /// <summary>
    /// What hardly any query like the rows is beyond: such a share of the rows, or none and a
    /// little more, by how far the farthest lie apart.
    /// </summary>
    private static float LimitOf(float[] ordered, float rounding, float growth, double share)
    {
        if (ordered.Length < FarCountMin)
        {
            return float.PositiveInfinity;
        }

        float most = ordered[(int)((1 - share) * (ordered.Length - 1))];
        float usual = ordered[(int)(FarQuantile * (ordered.Length - 1))];
        return most + (growth * (most - usual)) + rounding;
    }

    /// <summary>A reach that does what was found; infinite if that is beyond sense.</summary>
    private float ReachOf(float found) => _part.ListCount > 1 && found < ReachMax
        ? Math.Max(found * ReachRounding, ReachMin)
        : float.PositiveInfinity;
}
