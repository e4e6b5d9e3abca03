namespace NeuroDb.Query;

/// <summary>The values of an expression over <see cref="StoredWindowRows"/>, by row.</summary>
internal sealed class StoredColumn(
    StoredWindowRows rows, Expression expression, ExecutionContext context)
{
    private readonly RecentBlocks<ColumnBuffer> _recent = new();

    /// <summary>The values of a block.</summary>
    public ColumnBuffer Block(int block) => _recent.Get(
        block, number => expression.Evaluate(rows.Stored.Block(number), context));

    /// <summary>Whether the value of a row is NULL.</summary>
    public bool IsNull(long row) =>
        Block(StoredRows.BlockOf(row)).IsNull(StoredRows.PlaceOf(row));

    /// <summary>The value of a row.</summary>
    public Value ValueAt(long row) =>
        Block(StoredRows.BlockOf(row)).GetValue(StoredRows.PlaceOf(row));

    /// <summary>Appends the value of a row.</summary>
    public void AppendTo(ColumnBuilder builder, long row) =>
        builder.AppendRow(Block(StoredRows.BlockOf(row)), StoredRows.PlaceOf(row));
}
