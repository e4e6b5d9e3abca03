namespace NeuroDb.Storage;

/// <summary>
/// Holds the rows of a table that live at a timestamp against its keys: each row is found by each
/// of its keys, and no other row is. What is read must be whole already.
/// </summary>
internal sealed class TableVerifier
{
    private readonly TableEntry _table;
    private readonly TableLayout _layout;
    private readonly long _timestamp;
    private readonly FindingList _findings;
    private readonly CancellationToken _cancellation;
    private long _lastRowId = -1;
    private long _liveCount;

    private TableVerifier(
        TableEntry table,
        TableLayout layout,
        long timestamp,
        FindingList findings,
        CancellationToken cancellation)
    {
        _table = table;
        _layout = layout;
        _timestamp = timestamp;
        _findings = findings;
        _cancellation = cancellation;
    }

    /// <summary>Verifies a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="layout">Where its rows are, of a generation that is pinned.</param>
    /// <param name="timestamp">Which rows.</param>
    /// <param name="findings">Takes what is found.</param>
    /// <param name="cancellation">Looked at between chunks.</param>
    /// <returns>The rows that live at the timestamp.</returns>
    public static long Verify(
        TableEntry table,
        TableLayout layout,
        long timestamp,
        FindingList findings,
        CancellationToken cancellation)
    {
        var verifier = new TableVerifier(table, layout, timestamp, findings, cancellation);
        foreach (RowPart part in layout.Parts)
        {
            findings.Try(table.Schema.Name, () => verifier.VerifyPart(part));
        }

        return verifier._liveCount;
    }

    private void VerifyPart(RowPart part)
    {
        foreach (LiveRows rows in part.LiveRowsAt(_timestamp))
        {
            _cancellation.ThrowIfCancellationRequested();
            foreach (long rowId in rows.RowIds)
            {
                if (rowId <= _lastRowId || rowId < part.FirstRowId || rowId >= part.EndRowId)
                {
                    Add(part, $"row {rowId} stands out of the order of the numbers");
                }

                _lastRowId = rowId;
            }

            _liveCount += rows.Rows.Length;
            for (int key = 0; key < _table.Schema.Keys.Count; key++)
            {
                VerifyKey(part, rows, key);
            }
        }
    }

    private void VerifyKey(RowPart part, LiveRows rows, int key)
    {
        TableSchema schema = _table.Schema;
        int[] ordinals = schema.Keys[key].Ordinals;
        for (int i = 0; i < rows.Rows.Length; i++)
        {
            int row = rows.Rows[i];
            if (!KeyColumns.TryHash(rows.Columns, ordinals, row, out ulong hash))
            {
                continue;
            }

            var sought = SoughtKey.OfRow(schema, key, rows.Columns, row, hash);
            bool isFound = _layout.TryFind(sought, _timestamp, out long rowId);
            if (!isFound || rowId != rows.RowIds[i])
            {
                string other = isFound ? $"row {rowId} is" : "nothing is";
                Add(
                    part,
                    $"row {rows.RowIds[i]} is not found by its key {schema.Keys[key].Name}, "
                    + $"{other}");
            }

            if (_table.Rows.MaximumOf(key).Value is long maximum && sought.Number > maximum)
            {
                Add(
                    part,
                    $"row {rows.RowIds[i]} has a greater key {schema.Keys[key].Name} than the "
                    + "greatest that is known");
            }
        }
    }

    private void Add(RowPart part, string what) => _findings.Add(
        part is SealedRows rows ? rows.File.Path : string.Empty, -1, _table.Schema.Name, what);
}
