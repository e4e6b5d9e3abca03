namespace NeuroDb;

/// <summary>The definition of one column.</summary>
/// <param name="Name">The name as written; names compare without regard to case.</param>
/// <param name="Type">The type.</param>
/// <param name="IsNullable">Whether NULL may be stored.</param>
/// <param name="DefaultSql">The SQL text of the default, or null for NULL.</param>
internal sealed record ColumnSchema(
    string Name, DataType Type, bool IsNullable = true, string? DefaultSql = null)
{
    /// <summary>The SQL text that the column is computed by, or null.</summary>
    public string? GeneratedSql { get; init; }

    /// <summary>
    /// Whether a generated column is computed when a row is read. It has a place among the stored
    /// columns all the same, which holds NULL.
    /// </summary>
    public bool IsVirtual { get; init; }

    /// <summary>Whether statements may give a value where one is generated.</summary>
    public ColumnIdentity Identity { get; init; }

    /// <summary>Whether the definition has a type, or the values give it.</summary>
    public ColumnTyping Typing { get; init; }

    /// <summary>The name of the collation in lower case; null: by code point.</summary>
    public string? Collation { get; init; }

    /// <summary>
    /// What the column holds in rows that were stored before it was added; a column of the first
    /// definition of a table has none.
    /// </summary>
    public Value Initial { get; init; }

    /// <summary>
    /// Whether the column was dropped: its place stays, so that those of the others stay too, and
    /// no statement sees it.
    /// </summary>
    public bool IsHidden { get; init; }

    /// <summary>
    /// The first character of the names of columns in which the engine keeps what belongs to
    /// others, such as values that are not complete yet.
    /// </summary>
    public const char OwnMark = '\u0002';

    /// <summary>Whether no statement sees the column: it was dropped, or is the engine's own.
    /// </summary>
    public bool IsUnseen => IsHidden || Name.StartsWith(OwnMark);

    /// <summary>Whether there is more to say than the parameters do.</summary>
    public bool HasDetails => GeneratedSql is not null || IsVirtual || Collation is not null
        || Identity != ColumnIdentity.None || !Initial.IsNull || IsHidden
        || Typing != ColumnTyping.Declared;
}
