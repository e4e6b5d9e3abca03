namespace NeuroDb.Storage;

/// <summary>The rows of a chunk that have a term, ascending, and how often each has it.</summary>
internal struct PostingList
{
    private const int EntrySizeBytes = sizeof(ushort) + sizeof(byte);
    private const int ListSizeBytes = 64;
    private ushort[]? _rows;
    private byte[]? _frequencies;
    private int _count;

    /// <summary>The rows within the chunk.</summary>
    public readonly ReadOnlySpan<ushort> Rows => _rows.AsSpan(0, _count);

    /// <summary>How often each row has the term, at least once.</summary>
    public readonly ReadOnlySpan<byte> Frequencies => _frequencies.AsSpan(0, _count);

    /// <summary>Adds a row behind all others.</summary>
    /// <returns>How many bytes the list has grown by.</returns>
    public int Add(int row, int frequency)
    {
        Invariant.Check(_count == 0 || _rows![_count - 1] < row);
        int before = _rows?.Length ?? 0;
        if (before == _count)
        {
            int capacity = Math.Max(1, 2 * before);
            Array.Resize(ref _rows, capacity);
            Array.Resize(ref _frequencies, capacity);
        }

        _rows![_count] = (ushort)row;
        _frequencies![_count] = (byte)frequency;
        _count++;
        return ((_rows.Length - before) * EntrySizeBytes) + (before == 0 ? ListSizeBytes : 0);
    }
}
