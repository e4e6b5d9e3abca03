namespace NeuroDb.Query;

/// <summary>
/// A call of a function or an aggregate. CURRENT_DATE and CURRENT_TIMESTAMP are calls without
/// arguments.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Arguments">The arguments.</param>
/// <param name="IsStar">Whether the argument is *, as in count(*).</param>
/// <param name="IsDistinct">Whether DISTINCT is given.</param>
/// <param name="Filter">The condition of FILTER, or null.</param>
internal sealed record FunctionCallSyntax(
    NameSyntax Name,
    IReadOnlyList<FunctionArgumentSyntax> Arguments,
    bool IsStar,
    bool IsDistinct,
    ExpressionSyntax? Filter) : ExpressionSyntax;
