namespace NeuroDb.Query;

/// <summary>A column, perhaps with the name of its table.</summary>
/// <param name="Name">The name.</param>
internal sealed record ColumnReferenceSyntax(NameSyntax Name) : ExpressionSyntax;
