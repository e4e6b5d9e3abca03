namespace NeuroDb;

/// <summary>
/// A FOREIGN KEY: each row whose columns hold no NULL has a row with these values in the referenced
/// table.
/// </summary>
/// <param name="Name">The name of the constraint.</param>
/// <param name="Ordinals">The ordinals of the referencing columns, in order.</param>
/// <param name="Table">The name of the referenced table.</param>
/// <param name="Columns">
/// The names of the referenced columns, in order; empty for those of its primary key.
/// </param>
internal sealed record ForeignKeySchema(
    string Name, int[] Ordinals, string Table, IReadOnlyList<string> Columns)
{
    /// <summary>What a deleted referenced row does.</summary>
    public ForeignKeyAction OnDelete { get; init; }

    /// <summary>What a changed referenced key does.</summary>
    public ForeignKeyAction OnUpdate { get; init; }

    /// <summary>Whether the constraint is checked when the transaction commits.</summary>
    public bool IsDeferred { get; init; }
}
