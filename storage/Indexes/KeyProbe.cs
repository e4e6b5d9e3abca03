namespace NeuroDb.Storage;

/// <summary>A walk over the candidates of one hash in a <see cref="KeyIndex"/>.</summary>
internal ref struct KeyProbe
{
    private readonly long[] _entries;
    private readonly ushort _tag;
    private int _at;

    /// <summary>Starts the walk in the entries of that moment.</summary>
    public KeyProbe(long[] entries, ulong hash)
    {
        _entries = entries;
        _tag = (ushort)(hash >> 48);
        _at = (int)hash & (entries.Length - 1);
    }

    /// <summary>The next candidate; false when there is none left.</summary>
    public bool Next(out long row)
    {
        while (true)
        {
            long entry = Volatile.Read(ref _entries[_at]);
            if (entry == 0)
            {
                row = -1;
                return false;
            }

            _at = (_at + 1) & (_entries.Length - 1);
            if ((ushort)((ulong)entry >> 48) == _tag)
            {
                row = KeyIndex.RowOf(entry);
                return true;
            }
        }
    }
}
