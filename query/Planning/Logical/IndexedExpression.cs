namespace NeuroDb.Query;

/// <summary>What a column holds that belongs to an index over an expression.</summary>
/// <param name="Column">The column, which no statement sees.</param>
/// <param name="Value">The expression, over the other columns of the scan.</param>
/// <param name="Conditions">
/// What must hold for a row to be in the index; empty for an index of all rows.
/// </param>
internal sealed record IndexedExpression(
    ScannedColumn Column, Expression Value, IReadOnlyList<Expression> Conditions)
{
    /// <summary>
    /// The parts of a condition with the column in place of the expression; null if rows that
    /// satisfy them may not be in the index.
    /// </summary>
    public IReadOnlyList<Expression>? Replace(IReadOnlyList<Expression> parts)
    {
        bool isHeld = Conditions.All(condition =>
            parts.Any(part => ExpressionEquality.AreEqual(part, condition)));
        if (!isHeld)
        {
            return null;
        }

        OutputColumn own = Column.Column;
        var column = new ColumnExpression(own.Id, own.Name, own.Type);
        return [.. parts.Select(part => part.Rewrite(node =>
            node.Type == column.Type && ExpressionEquality.AreEqual(node, Value)
                ? column
                : node))];
    }
}
