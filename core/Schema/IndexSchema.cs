namespace NeuroDb;

/// <summary>
/// The definition of an index. Immutable; an index that is renamed or whose table changes its
/// columns gets a new one with the same number.
/// </summary>
internal sealed record IndexSchema
{
    private readonly IReadOnlyList<IndexColumn> _columns = [];

    /// <summary>The number of the index; never used again after a drop.</summary>
    public required int Id { get; init; }

    /// <summary>The name as written; names compare without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The number of the table.</summary>
    public required int TableId { get; init; }

    /// <summary>The kind.</summary>
    public required IndexKind Kind { get; init; }

    /// <summary>Whether no two rows may have the same values, but for NULLs.</summary>
    public bool IsUnique { get; init; }

    /// <summary>The columns, in order; at least one.</summary>
    public required IReadOnlyList<IndexColumn> Columns
    {
        get => _columns;
        init
        {
            _columns = value;
            Ordinals = [.. value.Select(static column => column.Ordinal)];
        }
    }

    /// <summary>The options, in the order of their names.</summary>
    public IReadOnlyList<IndexOption> Options { get; init; } = [];

    /// <summary>The ordinals of the columns, in order.</summary>
    public int[] Ordinals { get; private init; } = [];

    /// <summary>The value of an option, or null.</summary>
    public string? Option(string name)
    {
        foreach (IndexOption option in Options)
        {
            if (string.Equals(option.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return option.Value;
            }
        }

        return null;
    }
}
