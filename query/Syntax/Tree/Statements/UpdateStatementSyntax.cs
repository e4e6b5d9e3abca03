namespace NeuroDb.Query;

/// <summary>UPDATE.</summary>
/// <param name="Table">The table.</param>
/// <param name="Alias">The alias of the table.</param>
/// <param name="Assignments">The SET items.</param>
/// <param name="Where">The condition, or null for every row.</param>
/// <param name="Returning">The items of RETURNING; empty without it.</param>
internal sealed record UpdateStatementSyntax(
    NameSyntax Table,
    IdentifierSyntax? Alias,
    IReadOnlyList<AssignmentSyntax> Assignments,
    ExpressionSyntax? Where,
    IReadOnlyList<SelectItemSyntax> Returning) : StatementSyntax;
