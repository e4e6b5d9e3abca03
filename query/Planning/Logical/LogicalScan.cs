using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Reads the rows of a table.</summary>
internal sealed class LogicalScan : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalScan(
        TableEntry table,
        string alias,
        IReadOnlyList<ScannedColumn> columns,
        OutputColumn? rowAddress = null,
        IReadOnlyList<IndexEntry>? indexes = null)
    {
        Indexes = indexes ?? [];
        Table = table;
        Alias = alias;
        Columns = columns;
        RowAddress = rowAddress;
        IEnumerable<OutputColumn> output = columns.Select(column => column.Column);
        Output = rowAddress is null ? [.. output] : [.. output, rowAddress];
    }

    /// <summary>The table.</summary>
    public TableEntry Table { get; }

    /// <summary>The name of the table in the query.</summary>
    public string Alias { get; }

    /// <summary>The indexes of the table.</summary>
    public IReadOnlyList<IndexEntry> Indexes { get; }

    /// <summary>The expressions that indexes of the table hold.</summary>
    public IReadOnlyList<IndexedExpression> Indexed { get; init; } = [];

    /// <summary>The columns read, in order.</summary>
    public IReadOnlyList<ScannedColumn> Columns { get; }

    /// <summary>The last column, for statements that change rows: where each row lies.</summary>
    public OutputColumn? RowAddress { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }
}
