namespace NeuroDb.Query;

/// <summary>
/// RAISE (ABORT, 'why') in a trigger: the statement fails with that message; RAISE (IGNORE): the
/// row stays as it is.
/// </summary>
internal static class TriggerRaise
{
    /// <summary>The expression that raises the error where it is evaluated.</summary>
    public static Expression Bind(FunctionCallSyntax call)
    {
        if (call.Arguments is [{ Value: ColumnReferenceSyntax { Name.Parts: [var only] } }]
            && only.Name.Equals("IGNORE", StringComparison.OrdinalIgnoreCase))
        {
            return Make(call, static () => new RowIgnoredException());
        }

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
                "RAISE takes IGNORE, or ABORT, FAIL or ROLLBACK and a message in single quotes.",
                call.Position);
        }

        string message = text.Text;
        return Make(
            call, () => new ConstraintException(ErrorCode.RaisedByTrigger, message));
    }

    private static FunctionExpression Make(FunctionCallSyntax call, Func<Exception> raise) => new(
        "raise",
        DataType.Text,
        [],
        (_, run) => run.Count == 0
            ? ColumnBuffer.Constant(DataType.Text, Value.Null, 0)
            : throw raise(),
        FunctionVolatility.Volatile,
        call.Position);
}
