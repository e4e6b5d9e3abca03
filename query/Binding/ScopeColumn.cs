namespace NeuroDb.Query;

/// <summary>A name that expressions may use, and the column it stands for.</summary>
/// <param name="Qualifier">The table name or alias before the point, or null.</param>
/// <param name="Column">The column; its name is the one after the point.</param>
/// <param name="Expression">What a reference to the name becomes.</param>
/// <param name="IsMerged">
/// Whether USING or NATURAL gave the name to a common column: only the qualified form means this
/// one, and a plain * leaves it out.
/// </param>
internal sealed record ScopeColumn(
    string? Qualifier, OutputColumn Column, Expression Expression, bool IsMerged = false)
{
    /// <summary>The name for a column of a table, which may have a collation.</summary>
    public static ScopeColumn Of(string qualifier, OutputColumn column, ColumnSchema schema)
    {
        if (schema.Typing == ColumnTyping.Open)
        {
            return new ScopeColumn(qualifier, column, OpenTypes.Null);
        }

        ScopeColumn plain = Of(qualifier, column);
        return schema.Collation is null
            ? plain
            : plain with
            {
                Expression = new CollateExpression(
                    plain.Expression,
                    CollateExpression.Of(new IdentifierSyntax(schema.Collation, false)),
                    isOfColumn: true),
            };
    }

    /// <summary>The name for a column that the plan gives.</summary>
    public static ScopeColumn Of(string? qualifier, OutputColumn column) =>
        new(qualifier, column, new ColumnExpression(column.Id, column.Name, column.Type));
}
