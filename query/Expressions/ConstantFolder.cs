namespace NeuroDb.Query;

/// <summary>
/// Computes the parts of expressions that need neither rows nor parameters, once.
/// </summary>
internal static class ConstantFolder
{
    private static readonly RowBatch SingleRow = new([], 1);

    /// <summary>
    /// Replaces constant parts by their values. A part that raises an error stays, so that the
    /// error comes only if a row needs the value.
    /// </summary>
    public static Expression Fold(Expression expression) => expression.Rewrite(FoldNode);

    private static Expression FoldNode(Expression expression)
    {
        if (expression is not RowExpression || !expression.IsDeterministic
            || !expression.Children.All(child => child is ConstantExpression))
        {
            return expression;
        }

        try
        {
            // Deterministic operations on constants read nothing of an execution.
            ColumnBuffer value = expression.Evaluate(SingleRow, context: null!);
            return new ConstantExpression(value.GetValue(0), expression.Type);
        }
        catch (NeuroStoreException error) when (error.Code != ErrorCode.InvariantBroken)
        {
            return expression;
        }
    }
}
