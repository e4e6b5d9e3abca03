namespace NeuroDb.Query;

/// <summary>A column that is computed from the columns of the input.</summary>
/// <param name="Expression">How it is computed.</param>
/// <param name="Column">The column of the plan.</param>
internal sealed record ProjectedColumn(Expression Expression, OutputColumn Column)
{
    /// <summary>Whether the column is one of the input, given on unchanged.</summary>
    public bool IsUnchanged =>
        Expression is ColumnExpression column && column.Id == Column.Id;
}
