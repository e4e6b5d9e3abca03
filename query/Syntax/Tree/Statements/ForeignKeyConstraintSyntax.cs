namespace NeuroDb.Query;

/// <summary>FOREIGN KEY, or REFERENCES of a column.</summary>
/// <param name="Columns">The referencing columns; empty for a column constraint.</param>
/// <param name="Table">The referenced table.</param>
/// <param name="References">The referenced columns; empty for its primary key.</param>
internal sealed record ForeignKeyConstraintSyntax(
    IReadOnlyList<IdentifierSyntax> Columns,
    NameSyntax Table,
    IReadOnlyList<IdentifierSyntax> References) : ConstraintSyntax
{
    /// <summary>What a deleted referenced row does.</summary>
    public ForeignKeyAction OnDelete { get; init; }

    /// <summary>What a changed referenced key does.</summary>
    public ForeignKeyAction OnUpdate { get; init; }

    /// <summary>Whether it is checked when the transaction commits.</summary>
    public bool IsDeferred { get; init; }
}
