namespace NeuroDb.Storage;

/// <summary>
/// Whether the rows of a table have changed so much since an index was last looked at that its
/// recall is measured again, and what is done where it is too low. One builder and many searches.
/// </summary>
internal sealed class VectorDrift
{
    private const double ChangedShare = 0.2;
    private const int SearchesBetween = 64;
    private const int QueryCount = 100;
    private const int UnlikeQueryCount = 8;
    private const int StepsMax = 10;
    private const float ReachFactor = 1.4f;
    private const float ConfidenceStep = 0.35f;
    private const float ConfidenceMax = 4;

    // What the contract allows.
    private const double Tolerance = 0.005;

    // Of the misses that are allowed, few queries have more by chance.
    private const double UnlikeMisses = 1.5;
    private long _liveCount = -1;
    private long _searchCount;
    private int _isAsked;

    /// <summary>Whether the recall is to be measured again; looked at now and then.</summary>
    public bool IsDue(long liveCount)
    {
        if (Volatile.Read(ref _isAsked) != 0)
        {
            return true;
        }

        return Interlocked.Increment(ref _searchCount) % SearchesBetween == 0
            && HasChanged(Interlocked.Read(ref _liveCount), liveCount);
    }

    /// <summary>Asks for another measurement, because one was too low.</summary>
    /// <returns>Whether it was.</returns>
    public bool Note(double recall, double target)
    {
        bool isLow = recall < target - Tolerance;
        if (isLow)
        {
            Volatile.Write(ref _isAsked, 1);
        }

        return isLow;
    }

    /// <summary>
    /// Measures the recall, by rows and by queries unlike them, if that is due, and lets searches
    /// go farther step by step until it is what was promised. The first time, it only notes how
    /// many rows there are.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="snapshot">The table.</param>
    /// <param name="isFresh">Whether of most rows it has just been calibrated, or checked.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="cancellation">Ends the work.</param>
    public void Check(
        VectorIndex index, TableSnapshot snapshot, bool isFresh, IWorkers workers,
        CancellationToken cancellation)
    {
        long live = snapshot.Table.Rows.LiveCount;
        long known = Interlocked.Read(ref _liveCount);
        bool isAsked = Interlocked.Exchange(ref _isAsked, 0) != 0;
        bool hasChanged = HasChanged(known, live);
        if (known < 0 || isAsked || hasChanged)
        {
            Interlocked.Exchange(ref _liveCount, live);
        }

        bool isDue = isAsked || (hasChanged && !isFresh);
        for (int step = 0; step < StepsMax && isDue; step++)
        {
            double target = index.Options.TargetRecall;
            VectorRecall measured = VectorRecall.Measure(
                index, snapshot, QueryCount, workers, cancellation);
            if (measured.Recall >= target - Tolerance
                && VectorRecall.MeasureUnlike(
                    index, snapshot, UnlikeQueryCount, workers, cancellation)
                    >= 1 - (UnlikeMisses * (1 - target)))
            {
                break;
            }

            index.Turn(snapshot, static dial => dial.Times(ReachFactor) with
            {
                Confidence = Math.Min(ConfidenceMax, dial.Confidence + ConfidenceStep),
            });
        }
    }

    private static bool HasChanged(long known, long liveCount) =>
        known >= 0 && Math.Abs(liveCount - known) > ChangedShare * Math.Max(1, known);
}
