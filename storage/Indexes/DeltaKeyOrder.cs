namespace NeuroDb.Storage;

/// <summary>
/// The rows of a <see cref="RowDelta"/> in the order of a key of one whole-number column. Inserts
/// know nothing of it: whoever reads a range first sorts the full chunks that came since the last
/// time into a run, and merges it with those before it as long as they are not twice as long
/// (O'Neil et al., The log-structured merge-tree, 1996), so that there are few runs and each row is
/// merged O(log n) times. Dead versions stay; rows with a NULL are absent.
/// </summary>
internal sealed class DeltaKeyOrder(RowDelta delta, int column)
{
    private readonly Lock _gate = new();
    private DeltaKeyRuns _runs = new([], 0);

    /// <summary>The bytes of the runs.</summary>
    public long SizeBytes => Volatile.Read(ref _runs).Runs.Sum(static run => run.SizeBytes);

    /// <summary>
    /// The runs of all full chunks among the first rows of the delta, and perhaps of later ones.
    /// </summary>
    public DeltaKeyRuns Cover(long rowCount)
    {
        Invariant.Check(rowCount <= delta.RowCount);
        long full = rowCount - (rowCount % Limits.ChunkRowCount);
        DeltaKeyRuns runs = Volatile.Read(ref _runs);
        if (runs.RowCount >= full)
        {
            return runs;
        }

        lock (_gate)
        {
            runs = _runs;
            if (runs.RowCount < full)
            {
                runs = Extend(runs, full);
                Volatile.Write(ref _runs, runs);
            }

            return runs;
        }
    }

    /// <summary>Gives the codes between two codes of some rows to a builder.</summary>
    public void Collect(KeyRunBuilder builder, long first, long end, ulong low, ulong high)
    {
        while (first < end)
        {
            int start = RowDelta.RowOf(first);
            int count = (int)Math.Min(Limits.ChunkRowCount - start, end - first);
            var store = (ColumnStore<long>)delta.ChunkOf(first).Columns[column];
            KeyRangeRows.Collect(builder, store, start, count, checked((int)first), low, high);
            first += count;
        }
    }

    private DeltaKeyRuns Extend(DeltaKeyRuns before, long full)
    {
        using var builder = new KeyRunBuilder();
        Collect(builder, before.RowCount, full, 0, ulong.MaxValue);
        builder.Sort();
        var run = new KeyPiece(builder.Codes.ToArray(), builder.Ordinals.ToArray());
        int kept = before.Runs.Length;
        while (kept > 0 && before.Runs[kept - 1].Codes.Length < 2 * (long)run.Codes.Length)
        {
            run = Merge(before.Runs[--kept], run);
        }

        KeyPiece[] runs = run.Codes.Length == 0
            ? before.Runs
            : [.. before.Runs.AsSpan(0, kept), run];
        return new DeltaKeyRuns(runs, full);
    }

    private static KeyPiece Merge(KeyPiece older, KeyPiece newer)
    {
        var codes = new ulong[older.Codes.Length + newer.Codes.Length];
        var ordinals = new int[codes.Length];
        int left = 0;
        int right = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            bool isOlder = right == newer.Codes.Length
                || (left < older.Codes.Length && older.Codes[left] <= newer.Codes[right]);
            KeyPiece from = isOlder ? older : newer;
            int place = isOlder ? left++ : right++;
            codes[i] = from.Codes[place];
            ordinals[i] = from.Ordinals[place];
        }

        return new KeyPiece(codes, ordinals);
    }
}
