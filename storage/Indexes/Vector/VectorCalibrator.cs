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
internal sealed class VectorCalibrator
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
    private const float FarGrowth = 0.25f;

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
    private static readonly float[] Confidences = [2.2f, 2.5f, 3, ConfidenceMax];

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

    /// <summary>
    /// The recall that a dial gives for so many rows of the part as queries: the share of their
    /// true neighbours that are found.
    /// </summary>
    public static double Measure(
        IWorkers workers, VectorPart part, VectorRows rows, VectorDial dial, int queryCount,
        ulong seed, CancellationToken cancellation)
    {
        var calibrator = new VectorCalibrator(workers, part, rows, seed, cancellation);
        return part.RowCount < 2
            ? 1
            : calibrator.AskNear(calibrator.Draw(queryCount), float.PositiveInfinity)
                .RecallOf(dial);
    }

    private VectorPart Calibrate(double targetRecall)
    {
        double misses = (1 - targetRecall) * (targetRecall > HighRecall ? HighCaution : Caution);
        int more = targetRecall > HighRecall ? HighRecallFactor : 1;
        int share = _part.CalibratedRowCount > 0 ? AgainShare : 1;
        CalibrationSample near = AskNear(
            Draw(more * QueriesMax / share), (1 - targetRecall) / FarShare);
        UsualDistances usual = UsualOf(near);
        near.Leave(usual);
        float reach = ReachOf(near.ReachFor(misses * ReachShare));
        var dial = new VectorDial(reach, ConfidenceMax);
        double recall = 0;
        for (int i = 0; i < Confidences.Length && recall < 1 - misses; i++)
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
            NarrowReach = ReachOf(near.ReachForFewer(misses * ReachShare)),
            MissingMax = Math.Max(
                (float)(1 - targetRecall), near.MissingFor(UsualShare)),
        };
        if (_part.RowCount >= WideRowsMin && !float.IsPositiveInfinity(reach))
        {
            CalibrationSample middle = AskAll(
                more * MiddleQueriesMax / share, VectorDial.MiddleCount);
            CalibrationSample wide = AskAll(more * WideQueriesMax, VectorDial.WideCount);
            float atMiddle = LimitOf(middle.DistancesOf(VectorDial.MiddleCount - 1));
            usual = usual with
            {
                Middle = atMiddle,
                Wide = atMiddle + GrowthOf(wide, VectorDial.MiddleCount, VectorDial.WideCount),
            };
            middle.Leave(usual);
            wide.Leave(usual);
            dial = dial with
            {
                Usual = usual,
                MiddleReach = ReachOf(middle.ReachFor(misses * FewShare)),
                WideReach = ReachOf(wide.ReachFor(misses * FewShare)),
            };
        }

        return _part.With(dial, targetRecall, recall);
    }

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
        Ask(queries, VectorDial.NearCount, 1, reach);

    private CalibrationSample AskAll(int queryCount, int count) =>
        Ask(Draw(queryCount), count, 0, float.PositiveInfinity);

    private CalibrationSample Ask(
        CalibrationQuery[] queries, int count, int fewer, float reach) => new(
            _workers, _part, _rows, queries, count, fewer,
            new VectorDial(reach, ConfidenceOfTruth), _cancellation);

    private CalibrationQuery[] Draw(int count)
    {
        CalibrationQuery[] rows = CalibrationQuery.DrawRows(_part, _rows, count, _seed);
        return _part.CodeMetric == Gpu.Metric.InnerProduct
            ? [.. rows, .. CalibrationQuery.DrawDirections(_rows.Dimension, count, _seed)]
            : rows;
    }

    private UsualDistances UsualOf(CalibrationSample sample)
    {
        float[] centroids = sample.CentroidDistances();
        float[] opposite = Array.ConvertAll(centroids, static distance => -distance);
        Array.Reverse(opposite);
        return new UsualDistances(
            LimitOf(sample.DistancesOf(0)),
            LimitOf(sample.DistancesOf(VectorDial.NearCount - 1)),
            CentroidMin: -LimitOf(opposite),
            CentroidMax: LimitOf(centroids));
    }

    /// <summary>
    /// A distance that hardly any query like the rows is beyond: a little more than the most, by
    /// how far the farthest lie apart.
    /// </summary>
    private float LimitOf(float[] distances)
    {
        if (distances.Length < FarCountMin)
        {
            return float.PositiveInfinity;
        }

        float most = distances[^1];
        float usual = distances[(int)(FarQuantile * (distances.Length - 1))];
        return most + (FarGrowth * (most - usual))
            + (Rounding * (float)Math.Sqrt(_part.SquaredSpread));
    }

    private static float GrowthOf(CalibrationSample sample, int near, int far)
    {
        float[] growth = sample.GrowthBetween(near - 1, far - 1);
        return growth.Length == 0
            ? float.PositiveInfinity
            : growth[(int)(FarQuantile * (growth.Length - 1))];
    }

    /// <summary>A reach that does what was found; infinite if that is beyond sense.</summary>
    private float ReachOf(float found) => _part.ListCount > 1 && found < ReachMax
        ? Math.Max(found * ReachRounding, ReachMin)
        : float.PositiveInfinity;
}
