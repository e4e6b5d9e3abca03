namespace NeuroDb.Query;

/// <summary>
/// The room that looking up a batch in a <see cref="GroupTable"/> takes; one for each thread.
/// </summary>
internal sealed class GroupProbe
{
    private ulong[] _hashes = [];
    private int[] _rows = [];

    /// <summary>Room for the hashes of so many rows.</summary>
    public Span<ulong> Hashes(int count)
    {
        if (_hashes.Length < count)
        {
            _hashes = new ulong[count];
        }

        return _hashes.AsSpan(0, count);
    }

    /// <summary>Room for the rows that differ in some columns.</summary>
    public Span<int> Rows(int count)
    {
        if (_rows.Length < count)
        {
            _rows = new int[count];
        }

        return _rows;
    }
}
