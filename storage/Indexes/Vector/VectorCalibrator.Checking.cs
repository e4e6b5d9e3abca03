namespace NeuroDb.Storage;

/// <summary>Whether what was calibrated holds of rows that have changed.</summary>
internal sealed partial class VectorCalibrator
{
    private const int CheckedQueries = 64;
    private const int CheckedUnlikeQueries = 8;
    private const int CheckedDoubtfulQueries = 48;

    // Of the misses that are allowed: few queries have more of them by chance.
    private const double CheckedMisses = 1.5;

    // Few rows do not tell how far the farthest of them lie.
    private static readonly (float Distance, float Ratio, double Share)[] WideMargins =
        [(1, 2, 0), (0.5f, 1, 0)];

    /// <summary>
    /// The same part, of whose dial few queries say that it gives a recall about as high as was
    /// asked for, although it was found when the part was another one: rows, the newest of them,
    /// and each kind unlike them. Where it does not, one that goes as much farther as these queries
    /// need. It takes about a fifth of the time of a calibration.
    /// </summary>
    /// <returns>Null where such a dial does not do: the part is to be calibrated again.</returns>
    public static VectorPart? TryCheck(
        IWorkers workers, VectorPart part, VectorRows rows, double targetRecall, ulong seed,
        CancellationToken cancellation)
    {
        if (part.RowCount < 2 || targetRecall >= 1)
        {
            return part.Checked();
        }

        ulong again = seed ^ (ulong)part.RowCount;
        return new VectorCalibrator(workers, part, rows, again, cancellation)
            .TryCheck(targetRecall);
    }

    private VectorPart? TryCheck(double targetRecall)
    {
        CalibrationSample sample = Ask(
            [
                .. CalibrationQuery.OldAndNew(Draw(CheckedQueries)),
                .. CalibrationQuery.DrawUnlike(_part, _rows, CheckedUnlikeQueries, _seed),
            ],
            VectorDial.NearCount, VectorDial.Certain);
        VectorDial known = _part.Dial;
        AskDoubtful(
            sample, CheckedDoubtfulQueries, known.Reach, known.Usual ?? UsualDistances.Unknown);
        sample.RecallOf(known with { Usual = null });
        if (sample.LeastRecall(known.Usual) >= 1 - (CheckedMisses * (1 - targetRecall)))
        {
            return _part.Checked();
        }

        UsualDistances before = known.Usual ?? UsualDistances.Unknown;
        UsualDistances[] usual =
        [
            before,
            .. WideMargins.Concat(Margins)
                .Select(margin => before.And(UsualOf(sample, null, null, margin))),
        ];
        foreach (VectorDial farther in FartherFor(sample, before, targetRecall))
        {
            sample.RecallOf(farther with { Usual = null });
            int enough = Array.FindIndex(
                usual, limits => sample.LeastRecall(limits) >= targetRecall);
            if (enough >= 0)
            {
                return _part.Turned(farther with { Usual = usual[enough] }).Checked();
            }
        }

        return null;
    }

    /// <summary>
    /// Dials that go farther: where rows seem to be missing, and as far as the queries of a sample
    /// that are rows need.
    /// </summary>
    private IEnumerable<VectorDial> FartherFor(
        CalibrationSample sample, UsualDistances usual, double targetRecall)
    {
        VectorDial dial = _part.Dial with { MissingMax = (float)(1 - targetRecall) };
        yield return dial;
        sample.Leave(usual);
        float reach = ReachOf(sample.ReachFor((1 - targetRecall) * Caution * ReachShare));
        if (reach > dial.Reach && float.IsFinite(reach))
        {
            yield return dial.Times(reach / dial.Reach);
        }
    }
}
