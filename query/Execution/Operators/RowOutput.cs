namespace NeuroDb.Query;

/// <summary>Gives a long batch on in pieces of the usual size.</summary>
internal sealed class RowOutput(RowBatch rows)
{
    private int _next;

    /// <summary>The next piece, or null at the end.</summary>
    public RowBatch? Next()
    {
        int count = Math.Min(Limits.BatchRowCount, rows.Count - _next);
        if (count <= 0)
        {
            return null;
        }

        RowBatch piece = count == rows.Count ? rows : rows.Slice(_next, count);
        _next += count;
        return piece;
    }
}
