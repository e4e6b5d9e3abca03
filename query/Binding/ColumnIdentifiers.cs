namespace NeuroDb.Query;

/// <summary>Gives every column of one statement's plans an identifier of its own.</summary>
internal sealed class ColumnIdentifiers
{
    private int _last;

    /// <summary>An identifier that was not given before.</summary>
    public int Next() => ++_last;

    /// <summary>A new column.</summary>
    public OutputColumn NewColumn(string name, DataType type, bool isNullable = true) =>
        new(Next(), name, type, isNullable);
}
