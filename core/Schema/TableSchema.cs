namespace NeuroDb;

/// <summary>The definition of a table. Immutable; a changed table gets a new schema.</summary>
internal sealed record TableSchema
{
    /// <summary>The name as written; names compare without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The columns, in order.</summary>
    public required IReadOnlyList<ColumnSchema> Columns { get; init; }

    /// <summary>The primary key, if any, and the unique keys.</summary>
    public IReadOnlyList<KeySchema> Keys { get; init; } = [];

    /// <summary>The CHECK constraints.</summary>
    public IReadOnlyList<CheckSchema> Checks { get; init; } = [];

    /// <summary>The FOREIGN KEY constraints.</summary>
    public IReadOnlyList<ForeignKeySchema> ForeignKeys { get; init; } = [];

    /// <summary>
    /// The ordinal of the INTEGER PRIMARY KEY (or BIGINT PRIMARY KEY) column that takes the next
    /// row number where no value or NULL is given, as in SQLite; -1 if there is none.
    /// </summary>
    public int IdentityOrdinal { get; init; } = -1;

    /// <summary>Whether there is more to say than a plain definition does.</summary>
    public bool HasDetails
    {
        get
        {
            bool any = ForeignKeys.Count > 0;
            foreach (ColumnSchema column in Columns)
            {
                any |= column.HasDetails;
            }

            return any;
        }
    }

    /// <summary>The ordinal of a column, or -1.</summary>
    public int FindColumn(string name)
    {
        for (int i = 0; i < Columns.Count; i++)
        {
            if (string.Equals(Columns[i].Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }
}
