using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The state of a <see cref="KeyLookup"/>: all rows in one batch, or a few.</summary>
internal sealed class KeyLookupCursor(KeyLookup lookup, ExecutionContext context) : BatchCursor
{
    private TableSnapshot? _snapshot;
    private HashSet<long>? _seen;
    private RowBatch? _oneRow;
    private int _next;

    /// <inheritdoc/>
    public override bool CanRestart => true;

    /// <inheritdoc/>
    public override void Prefetch(ReadOnlySpan<Value> parameters)
    {
        if (lookup.Keys is [[ParameterExpression key]] && key.Ordinal < parameters.Length)
        {
            lookup.Table.Rows.PrefetchKey(lookup.KeyOrdinal, parameters, [key.Ordinal]);
        }
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (context.LookedUp is { } known && ReferenceEquals(known.Lookup, lookup))
        {
            RowBatch? row = _next == 0 ? known.Row : null;
            _next = lookup.Keys.Length;
            return row;
        }

        while (_next < lookup.Keys.Length)
        {
            context.ThrowIfCancelled();
            _snapshot ??= context.Open(lookup.Table);
            int keyCount = Math.Min(Limits.BatchRowCount, lookup.Keys.Length - _next);
            RowBatch? batch = keyCount == 1 ? ReadOne() : ReadMany(keyCount);
            _next += keyCount;
            if (batch is not null)
            {
                return batch;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _snapshot = null;
        _seen = null;
        _next = 0;
        base.Dispose();
    }

    private RowBatch? ReadOne()
    {
        if (!TryFind(lookup.Keys[_next], out RowAddress row) || !IsNew(row))
        {
            return null;
        }

        // A lookup of one key gives one batch in each execution, so that the next one may refill
        // it.
        if (lookup.Keys.Length > 1 || _oneRow is null)
        {
            _oneRow = Read([row]);
            return _oneRow;
        }

        Fill(_oneRow.Columns, [row]);
        return _oneRow;
    }

    private RowBatch? ReadMany(int keyCount)
    {
        var places = new RowPlace[keyCount];
        _snapshot!.FindMany(
            lookup.KeyOrdinal,
            lookup.KeyColumns(
                keyCount,
                (i, column) => Conditions.ValueOf(lookup.Keys[_next + i][column], context)),
            places);
        _seen ??= new HashSet<long>(lookup.Keys.Length);
        int count = 0;
        foreach (RowPlace place in places)
        {
            if (place.Row >= 0 && _seen.Add(TableSnapshot.AddressOf(place).RowId))
            {
                places[count++] = place;
            }
        }

        return count == 0
            ? null
            : PlacedRows.Fetch(
                _snapshot, lookup.Ordinals, lookup.WithRowAddress, places.AsSpan(0, count));
    }

    private bool IsNew(RowAddress row) =>
        lookup.Keys.Length == 1 || (_seen ??= []).Add(row.RowId);

    private bool TryFind(Expression[] key, out RowAddress row)
    {
        if (key.Length == 1)
        {
            Value single = Conditions.ValueOf(key[0], context);
            return _snapshot!.TryFind(
                lookup.KeyOrdinal, new(in single), out row, lookup.Ordinals);
        }

        var values = new Value[key.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Conditions.ValueOf(key[i], context);
        }

        return _snapshot!.TryFind(lookup.KeyOrdinal, values, out row);
    }

    private RowBatch Read(ReadOnlySpan<RowAddress> rows)
    {
        var columns = new ColumnBuffer[lookup.Ordinals.Length + (lookup.WithRowAddress ? 1 : 0)];
        Fill(columns, rows);
        return new RowBatch(columns, rows.Length);
    }

    private void Fill(ColumnBuffer[] columns, ReadOnlySpan<RowAddress> rows)
    {
        int[] ordinals = lookup.Ordinals;
        for (int i = 0; i < ordinals.Length; i++)
        {
            columns[i] = _snapshot!.Fetch(ordinals[i], rows);
        }

        if (lookup.WithRowAddress)
        {
            var rowIds = new long[rows.Length];
            for (int i = 0; i < rowIds.Length; i++)
            {
                rowIds[i] = rows[i].RowId;
            }

            columns[^1] = new ColumnBuffer<long>(DataType.BigInt, rowIds);
        }
    }
}
