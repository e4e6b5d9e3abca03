namespace NeuroDb.Query;

/// <summary>RAISE (ABORT, 'why') in a trigger: the statement fails with that message.</summary>
internal static class TriggerRaise
{
    /// <summary>The expression that raises the error where it is evaluated.</summary>
    public static Expression Bind(FunctionCallSyntax call)
    {
        if (call.Arguments.Count != 2
            || call.Arguments[0].Value is not ColumnReferenceSyntax { Name.Parts: [var action] }
            || call.Arguments[1].Value is not LiteralExpressionSyntax
            {
                Kind: LiteralKind.Text,
            } text
            || action.Name.ToUpperInvariant() is not ("ABORT" or "FAIL" or "ROLLBACK"))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "RAISE takes ABORT, FAIL or ROLLBACK and a message in single quotes.",
                call.Position);
        }

        string message = text.Text;
        return new FunctionExpression(
            "raise",
            DataType.Text,
            [],
            (_, run) => run.Count == 0
                ? ColumnBuffer.Constant(DataType.Text, Value.Null, 0)
                : throw new ConstraintException(ErrorCode.RaisedByTrigger, message),
            FunctionVolatility.Volatile,
            call.Position);
    }
}
