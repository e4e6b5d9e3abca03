namespace NeuroDb.Query;

/// <summary>The rows of statements that give a few of them: reports, explanations, lines.</summary>
internal sealed class ResultRows
{
    /// <summary>Rows of named columns.</summary>
    public ResultRows(params (string Name, DataType Type)[] columns) =>
        Columns = [.. columns.Select(static (it, i) =>
            new OutputColumn(i, it.Name, it.Type, IsNullable: true))];

    /// <summary>The columns.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>A result of rows.</summary>
    public StatementResult ToResult(IEnumerable<Value[]> rows)
    {
        ColumnBuilder[] builders =
            [.. Columns.Select(static column => ColumnBuilder.Create(column.Type))];
        int count = 0;
        foreach (Value[] row in rows)
        {
            Invariant.Check(row.Length == builders.Length);
            for (int i = 0; i < row.Length; i++)
            {
                builders[i].Append(row[i]);
            }

            count++;
        }

        var batch = new RowBatch([.. builders.Select(static it => it.Build())], count);
        return new StatementResult(Columns, -1, new BufferedCursor([batch]));
    }

    /// <summary>A result of lines of text, of which there is one column.</summary>
    public StatementResult ToResult(IEnumerable<string> lines) =>
        ToResult(lines.Select(static line => new[] { Value.Of(line) }));
}
