namespace NeuroDb.Query;

/// <summary>LIKE t among the columns of CREATE TABLE.</summary>
/// <param name="Table">The other table.</param>
/// <param name="Place">How many columns stand before it.</param>
/// <param name="Included">What INCLUDING names, in upper case.</param>
internal sealed record LikeTableSyntax(
    NameSyntax Table, int Place, IReadOnlyList<string> Included) : SyntaxNode
{
    /// <summary>Whether something is copied beside names, types and NOT NULL.</summary>
    public bool Includes(string what) => Included.Contains("ALL") || Included.Contains(what);
}
