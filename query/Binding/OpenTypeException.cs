namespace NeuroDb.Query;

/// <summary>
/// A statement brings values into columns that are declared without a type. The session changes the
/// columns and binds the statement again; who has no session to do so raises it as an error.
/// </summary>
internal sealed class OpenTypeException(IReadOnlyList<OpenTypeChange> changes)
    : NeuroStoreException(NeuroDb.ErrorCode.UnknownType, MessageOf(changes[0]))
{
    /// <summary>What the columns become.</summary>
    public IReadOnlyList<OpenTypeChange> Changes { get; } = changes;

    private static string MessageOf(OpenTypeChange change)
    {
        TableSchema schema = change.Table.Schema;
        string column = schema.Columns[change.Ordinal].Name;
        return $"The column {column} of {schema.Name} has no type and no value yet. INSERT one "
            + $"first, or write ALTER TABLE {schema.Name} ALTER {column} TYPE {change.Type}.";
    }
}
