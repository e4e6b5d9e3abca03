namespace NeuroDb.Query;

/// <summary>
/// Whether a condition lets no row pass whose columns of one side are all NULL: above an outer join
/// such a condition leaves out what the join has filled up with NULLs (C. Galindo-Legaria and
/// A. Rosenthal, Outerjoin simplification and reordering, 1997).
/// </summary>
internal static class NullRejection
{
    /// <summary>Whether a condition is false or unknown where all these columns are NULL.</summary>
    public static bool Rejects(Expression condition, HashSet<int> columns) => condition switch
    {
        LogicalExpression { IsAnd: true } and =>
            and.Children.Any(part => Rejects(part, columns)),
        LogicalExpression or => or.Children.All(part => Rejects(part, columns)),
        IsNullExpression { IsNegated: true } test => IsNull(test.Children[0], columns),
        _ => IsNull(condition, columns),
    };

    // Whether a value is NULL there; no where it is not certain.
    private static bool IsNull(Expression value, HashSet<int> columns) => value switch
    {
        ColumnExpression column => columns.Contains(column.Id),
        ComparisonExpression
        {
            Operator: BinaryOperator.IsDistinctFrom or BinaryOperator.IsNotDistinctFrom,
        } => false,
        ComparisonExpression or ArithmeticExpression or NotExpression or LikeExpression =>
            value.Children.Any(child => IsNull(child, columns)),
        InListExpression or CastExpression => IsNull(value.Children[0], columns),
        LogicalExpression => value.Children.All(child => IsNull(child, columns)),
        _ => false,
    };
}
