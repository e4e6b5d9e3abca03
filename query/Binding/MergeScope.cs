namespace NeuroDb.Query;

/// <summary>
/// The name behind <c>merge_action()</c>: RETURNING of MERGE knows it as a column that only the
/// call means.
/// </summary>
internal static class MergeScope
{
    private const string Word = "merge_action";

    /// <summary>What the call is read as.</summary>
    public static NameSyntax ActionName { get; } =
        new([new IdentifierSyntax(Word, false), new IdentifierSyntax(Word, false)]);

    /// <summary>Whether a name is the call's.</summary>
    public static bool IsAction(NameSyntax name) => name.Qualifier is null
        && name.Last.Equals(Word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds the column to the names of RETURNING.</summary>
    public static OutputColumn AddAction(Scope scope, ColumnIdentifiers identifiers)
    {
        OutputColumn action = identifiers.NewColumn(Word, DataType.Text, isNullable: false);
        scope.Add(ScopeColumn.Of(Word, action) with { IsMerged = true });
        return action;
    }
}
