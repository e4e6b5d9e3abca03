namespace NeuroDb.Query;

/// <summary>The path of a COPY, which may be a parameter.</summary>
internal static class CopyPath
{
    /// <summary>The path of this execution.</summary>
    public static string Of(CopyStatementSyntax syntax, ExecutionContext context)
    {
        if (syntax.File is LiteralExpressionSyntax literal)
        {
            return literal.Text;
        }

        Invariant.Check(syntax.File is ParameterExpressionSyntax);
        Value value = context.Parameters[((ParameterExpressionSyntax)syntax.File).Number - 1];
        return value.Kind == TypeKind.Text
            ? value.AsText()
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                "COPY needs the path of a file as text.",
                syntax.File.Position);
    }
}
