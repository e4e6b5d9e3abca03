namespace NeuroDb.Query;

/// <summary>The path of a file in a statement, which may be a parameter.</summary>
internal static class CopyPath
{
    /// <summary>The path of this execution.</summary>
    public static string Of(CopyStatementSyntax syntax, ExecutionContext context) =>
        Of(syntax.File, context);

    /// <summary>The path that an expression gives in this execution.</summary>
    public static string Of(ExpressionSyntax file, ExecutionContext context)
    {
        if (file is LiteralExpressionSyntax literal)
        {
            return literal.Text;
        }

        Invariant.Check(file is ParameterExpressionSyntax);
        Value value = context.Parameters[((ParameterExpressionSyntax)file).Number - 1];
        return value.Kind == TypeKind.Text
            ? value.AsText()
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                "The statement needs the path of a file as text.",
                file.Position);
    }
}
