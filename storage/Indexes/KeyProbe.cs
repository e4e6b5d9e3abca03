using System.Runtime.CompilerServices;

namespace NeuroDb.Storage;

/// <summary>A walk over the candidates of one hash in a <see cref="KeyIndex"/>.</summary>
internal ref struct KeyProbe
{
    private readonly KeyTable _table;
    private readonly long _sought;
    private int _at;

    /// <summary>Starts the walk in the entries of that moment.</summary>
    public KeyProbe(KeyTable table, ulong hash)
    {
        _table = table;
        _sought = KeyTable.EntryOf(hash, 0);
        _at = table.PlaceOf(_sought);
    }

    /// <summary>The next candidate; false when there is none left.</summary>
    public bool Next(out long row)
    {
        KeyTable table = _table;
        ref long first = ref table.First;
        int mask = table.Capacity - 1;
        int at = _at;
        long entry;
        while ((entry = Volatile.Read(ref Unsafe.Add(ref first, at))) != 0)
        {
            at = (at + 1) & mask;
            if (KeyTable.MayBeSame(entry, _sought))
            {
                break;
            }
        }

        GC.KeepAlive(table);
        _at = at;
        row = KeyTable.RowOf(entry);
        return entry != 0;
    }
}
