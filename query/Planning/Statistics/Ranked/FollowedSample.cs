using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table to which those of a ranked sample of another one refer by a key: found by
/// the index of the key, all at once. Its columns have the values of the row referred to in the
/// place of the referring one, so conditions on both tables are evaluated for pairs of rows (exact
/// index-based join sampling: V. Leis et al., CIDR 2017).
/// </summary>
internal sealed class FollowedSample
{
    private readonly TableStatistics _target;
    private readonly int _keyOrdinal;

    private FollowedSample(
        TableStatistics target, int keyOrdinal, RankedSample rows, ulong[] found)
    {
        _target = target;
        _keyOrdinal = keyOrdinal;
        Rows = rows;
        Found = found;
    }

    /// <summary>The rows referred to; any for those of which <see cref="Found"/> says no.
    /// </summary>
    public RankedSample Rows { get; }

    /// <summary>Which rows refer to one that is there, as bits.</summary>
    public ulong[] Found { get; }

    /// <summary>Whether they were found by a key of a table whose sample is the same.</summary>
    public bool IsOf(ScanSample target, int keyOrdinal) =>
        ReferenceEquals(_target, target.Statistics) && _keyOrdinal == keyOrdinal;

    /// <summary>Finds the rows.</summary>
    /// <param name="keys">The values of the referring column.</param>
    /// <param name="sample">The referring rows.</param>
    /// <param name="target">The table referred to.</param>
    /// <param name="keyOrdinal">Which of its keys they are values of.</param>
    public static FollowedSample Of(
        ColumnBuffer keys, RankedSample sample, ScanSample target, int keyOrdinal)
    {
        TableEntry table = target.Scan.Table;
        TableLayout layout = table.Rows.Layout;
        var snapshot = new TableSnapshot(
            table, layout, new SnapshotView(table.Rows.LastChange, null, 0), null);
        var places = new RowPlace[sample.Count];
        snapshot.FindMany(keyOrdinal, [keys], places);
        var found = new ulong[SampleBits.WordsOf(places.Length)];
        RowPlace any = Array.Find(places, static place => place.Row >= 0);
        for (int row = 0; row < places.Length; row++)
        {
            bool isFound = places[row].Row >= 0 && !keys.IsNull(row);
            found[row / 64] |= (isFound ? 1UL : 0) << row;
            places[row] = isFound ? places[row] : any;
        }

        bool isAny = SampleBits.CountOf(found) > 0;
        var rows = new RankedSample(
            places.Length,
            sample.IsWhole,
            ordinal => isAny && ReferenceEquals(layout, table.Rows.Layout)
                ? snapshot.Fetch(ordinal, places)
                : null);
        return new FollowedSample(target.Statistics, keyOrdinal, rows, found);
    }
}
