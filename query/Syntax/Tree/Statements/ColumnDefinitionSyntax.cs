namespace NeuroDb.Query;

/// <summary>One column of CREATE TABLE.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type, or null where none is written.</param>
/// <param name="Constraints">The constraints of the column, in order.</param>
internal sealed record ColumnDefinitionSyntax(
    IdentifierSyntax Name,
    TypeSyntax? Type,
    IReadOnlyList<ConstraintSyntax> Constraints) : SyntaxNode;
