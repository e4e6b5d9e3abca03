namespace NeuroDb.Query;

/// <summary>UNION, EXCEPT or INTERSECT of two bodies.</summary>
/// <param name="Operator">The operation.</param>
/// <param name="IsAll">Whether ALL is given.</param>
/// <param name="Left">The left body.</param>
/// <param name="Right">The right body.</param>
internal sealed record SetOperationSyntax(
    SetOperator Operator,
    bool IsAll,
    QueryBodySyntax Left,
    QueryBodySyntax Right) : QueryBodySyntax;
