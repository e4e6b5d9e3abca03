using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>TRUNCATE: all rows of the tables go, without triggers.</summary>
internal sealed class BoundTruncate : BoundDefinition
{
    private readonly TableEntry[] _tables;

    /// <summary>Looks the tables up.</summary>
    public BoundTruncate(TruncateStatementSyntax syntax, Binder binder)
        : base($"Truncate {string.Join(", ", syntax.Tables.Select(static name => name.Text))}")
    {
        _tables = [.. syntax.Tables.Select(binder.BindTable)];
        foreach (TableEntry table in _tables)
        {
            TableEntry? referencing = Dependencies.ReferencesTo(table, binder.Catalog)
                .FirstOrDefault(other => !_tables.Contains(other));
            if (referencing is not null)
            {
                throw Dependencies.Refused(
                    $"foreign keys of table {referencing.Schema.Name} refer to "
                    + $"{table.Schema.Name}; truncate both",
                    syntax.Position);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        foreach (TableEntry table in _tables)
        {
            TableSnapshot snapshot = context.Transaction.Open(table);
            for (int i = 0; i < snapshot.SliceCount; i++)
            {
                TableSlice slice = snapshot.Slice(i);
                var rowIds = new List<long>(slice.Count);
                for (int row = 0; row < slice.Count; row++)
                {
                    if (slice.IsVisible(row))
                    {
                        rowIds.Add(slice.AddressOf(row).RowId);
                    }
                }

                context.Transaction.Delete(table, rowIds.ToArray());
                context.ThrowIfCancelled();
            }
        }
    }
}
