namespace NeuroDb.Storage;

/// <summary>How rows are found by their keys.</summary>
internal sealed partial class SealedRows
{
    /// <inheritdoc/>
    public override bool TryFind(in SoughtKey sought, long timestamp, out long rowId)
    {
        rowId = -1;
        if (timestamp < _begin)
        {
            return false;
        }

        KeyRun run = File.Key(sought.Key);
        ulong code = run.IsOrdered ? KeyCode.Of(sought.Number) : sought.Hash;
        if (run.Learned(lookups: 1) is { } learned)
        {
            return learned.MayHave(code)
                && TryFind(
                    sought, learned, learned.LowerBound(code), code, run.IsOrdered, timestamp,
                    out rowId);
        }

        KeyRunCursor cursor = run.Candidates(code);
        while (cursor.MoveNext())
        {
            int chunk = cursor.Ordinal / Limits.ChunkRowCount;
            int row = cursor.Ordinal % Limits.ChunkRowCount;
            if (IsVisible(chunk, row, timestamp) && (run.IsOrdered || IsAt(sought, chunk, row)))
            {
                rowId = RowIdOf(chunk, row);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override void PrefetchKey(int key, ulong hash, ulong code)
    {
        if (key < File.KeyCount)
        {
            File.Key(key).Prefetch(code);
        }
    }

    private bool TryFind(
        in SoughtKey sought, LearnedKeyRun run, int place, ulong code, bool isOrdered,
        long timestamp, out long rowId)
    {
        for (; place < run.Codes.Length && run.Codes[place] == code; place++)
        {
            int chunk = run.Ordinals[place] / Limits.ChunkRowCount;
            int row = run.Ordinals[place] % Limits.ChunkRowCount;
            if (IsVisible(chunk, row, timestamp) && (isOrdered || IsAt(sought, chunk, row)))
            {
                rowId = RowIdOf(chunk, row);
                return true;
            }
        }

        GC.KeepAlive(run);
        rowId = -1;
        return false;
    }

    private bool IsAt(in SoughtKey sought, int chunk, int row)
    {
        for (int i = 0; i < sought.Ordinals.Length; i++)
        {
            if (!sought.IsAt(i, File.Column(chunk, sought.Ordinals[i]), row))
            {
                return false;
            }
        }

        return true;
    }
}
