namespace NeuroDb.Query;

/// <summary>CREATE TYPE and CREATE DOMAIN.</summary>
/// <param name="Name">The name.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Type">What it is: an ENUM, a STRUCT, or the type of a domain.</param>
/// <param name="IsDomain">Whether it is a domain.</param>
/// <param name="Constraints">The constraints of a domain.</param>
internal sealed record CreateTypeStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    TypeSyntax Type,
    bool IsDomain,
    IReadOnlyList<ConstraintSyntax> Constraints) : StatementSyntax
{
    /// <summary>The query that gives the labels of an ENUM, or null.</summary>
    public QuerySyntax? LabelQuery { get; init; }
}
