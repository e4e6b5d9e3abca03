namespace NeuroDb.Storage;

/// <content>Rows by keys and indexes.</content>
internal sealed partial class TableSnapshot
{
    /// <summary>The row of a key, through the indexes of the key.</summary>
    /// <param name="keyOrdinal">The index into the keys of the schema.</param>
    /// <param name="key">
    /// The values in the order of the key's columns, of their physical kinds; a NULL finds nothing.
    /// </param>
    /// <param name="row">The row, if there is one.</param>
    /// <param name="fetched">The columns that will be read of it, if that is known.</param>
    public bool TryFind(
        int keyOrdinal, ReadOnlySpan<Value> key, out RowAddress row, int[]? fetched = null)
    {
        row = default;
        if (!SoughtKey.TryOf(Table.Rows, keyOrdinal, key, out SoughtKey sought, fetched))
        {
            return false;
        }

        long rowId = _layout.TryFind(sought, _view.Timestamp, out long found) ? found : -1;
        return TrySettle(sought, key, rowId, out row);
    }

    // What the transaction's own changes make of a key that was looked up already.
    private bool TrySettle(
        int keyOrdinal, ReadOnlySpan<Value> key, in RowPlace place, out RowAddress row)
    {
        row = default;
        return SoughtKey.TryOf(Table.Rows, keyOrdinal, key, out SoughtKey sought)
            && TrySettle(sought, key, place.Row < 0 ? -1 : AddressOf(place).RowId, out row);
    }

    private bool IsEnded(in RowPlace place) =>
        _view.Pending?.IsEnded(AddressOf(place).RowId, _view.Operation) == true;

    private bool TrySettle(
        in SoughtKey sought, ReadOnlySpan<Value> key, long rowId, out RowAddress row)
    {
        row = default;
        _reads?.AddLookup(sought.Key, key, rowId);
        if (rowId >= 0 && _view.Pending?.IsEnded(rowId, _view.Operation) != true)
        {
            row = new RowAddress(rowId);
            return true;
        }

        if (_pendingCount > 0
            && _view.Pending!.Keys.TryFind(
                sought, _pendingCount, _view.Operation, -1, out long position))
        {
            row = RowAddress.OfPending(position);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Walks over the rows whose key lies between two values, both included, in its order.
    /// </summary>
    /// <param name="keyOrdinal">
    /// The index into the keys of the schema: one that <see cref="KeyCode.IsOrdered"/>.
    /// </param>
    /// <param name="low">The lowest value.</param>
    /// <param name="high">The highest value; below the lowest one there is no row.</param>
    /// <param name="isDescending">Whether the highest value comes first.</param>
    public KeyRangeReader Range(int keyOrdinal, long low, long high, bool isDescending)
    {
        _reads?.AddScan();
        return new KeyRangeReader(
            _layout, _view, _pendingCount, Table.Schema, keyOrdinal, low, high, isDescending);
    }

    /// <summary>Walks over the rows between bounds of a learned index.</summary>
    /// <param name="index">The index, of this table.</param>
    /// <param name="bounds">What is asked for.</param>
    /// <param name="isOrdered">Whether the rows come in the order of the index.</param>
    /// <param name="isDescending">Whether the last one comes first.</param>
    public IndexReader Range(
        IndexEntry index, in IndexBounds bounds, bool isOrdered, bool isDescending)
    {
        _reads?.AddScan();
        return new IndexReader(
            _layout, _view, _pendingCount, LearnedIndex.Of(index, Table), bounds, isOrdered,
            isDescending);
    }

    /// <summary>The rows of many keys of a learned index at once.</summary>
    /// <param name="index">The index, of this table.</param>
    /// <param name="codes">For each of the first columns the codes of the keys.</param>
    /// <param name="found">
    /// Takes the key and the place of each row; codes that are not exact let in others.
    /// </param>
    /// <param name="entryCountMax">
    /// So many entries of one part are not worth their fetching.
    /// </param>
    /// <param name="values">Gives the values of the keys, for codes that do not tell them.</param>
    /// <returns>False, and not all rows are there, if there are more.</returns>
    public bool Find(
        IndexEntry index, ulong[][] codes, List<IndexHit> found,
        long entryCountMax = long.MaxValue, IndexKeyValues? values = null)
    {
        _reads?.AddScan();
        return IndexLookups.Find(
            _layout, _view, _pendingCount, LearnedIndex.Of(index, Table), codes, codes[0].Length,
            found, entryCountMax, values);
    }

    /// <summary>The rows of many values of a primary or unique key, looked up together.</summary>
    /// <param name="keyOrdinal">The index into the keys of the schema.</param>
    /// <param name="columns">
    /// The values, a column for each of the key's, of their physical kinds.
    /// </param>
    /// <param name="places">
    /// Takes where the rows lie; <see cref="KeyLookups.None"/> for a value that is NULL or not
    /// there.
    /// </param>
    public void FindMany(
        int keyOrdinal, IReadOnlyList<ColumnBuffer> columns, Span<RowPlace> places)
    {
        bool isTogether = places.Length > 1;
        if (isTogether)
        {
            KeyLookups.Find(
                _layout, Table.Rows, keyOrdinal, columns, _view.Timestamp, places);
            if (_reads is null && _pendingCount == 0 && _view.Pending is not { EndedCount: > 0 })
            {
                return;
            }
        }

        var key = new Value[columns.Count];
        for (int i = 0; i < places.Length; i++)
        {
            if (isTogether && _reads is null && places[i].Row >= 0 && !IsEnded(places[i]))
            {
                continue;
            }

            for (int column = 0; column < key.Length; column++)
            {
                key[column] = columns[column].GetValue(i);
            }

            places[i] = (isTogether
                    ? TrySettle(keyOrdinal, key, places[i], out RowAddress row)
                    : TryFind(keyOrdinal, key, out row))
                ? PlaceOf(row)
                : KeyLookups.None;
        }
    }

    /// <summary>The same, for who needs addresses.</summary>
    public void FindMany(
        int keyOrdinal, IReadOnlyList<ColumnBuffer> columns, Span<RowAddress?> rows)
    {
        var places = new RowPlace[rows.Length];
        FindMany(keyOrdinal, columns, places);
        for (int i = 0; i < places.Length; i++)
        {
            rows[i] = places[i].Row < 0 ? null : AddressOf(places[i]);
        }
    }
}
