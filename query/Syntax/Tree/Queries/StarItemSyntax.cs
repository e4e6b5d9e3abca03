namespace NeuroDb.Query;

/// <summary>All columns: <c>*</c> or <c>t.*</c>.</summary>
/// <param name="Table">The table, or null for all tables.</param>
internal sealed record StarItemSyntax(NameSyntax? Table) : SelectItemSyntax;
