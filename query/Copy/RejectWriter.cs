using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Writes rejected rows down: as lines of JSON in a file, or as rows of a table in the same
/// transaction. Makes the file or table when the first row comes.
/// </summary>
internal sealed class RejectWriter(
    ExecutionContext context, CopyFiles files, CopyOptions options, string source) : IDisposable
{
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly ColumnSchema[] Columns =
    [
        new("file", DataType.Text, IsNullable: false),
        new("line", DataType.BigInt, IsNullable: false),
        new("column_name", DataType.Text),
        new("reason", DataType.Text, IsNullable: false),
        new("raw_text", DataType.Text),
    ];

    private CopyOutput? _output;
    private BulkInsert? _insert;

    /// <summary>Where the rows went; null if there were none.</summary>
    public string? Place => _output?.Path ?? (_insert is null ? null : options.RejectsTable);

    /// <summary>Writes rows.</summary>
    public void Write(IReadOnlyList<RejectedRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        if (options.RejectsTable is { } table)
        {
            _insert ??= OpenTable(table);
            _insert.Append(ToBatch(rows));
            return;
        }

        _output ??= files.Create(options.RejectsFile ?? source + ".rejected.jsonl");
        foreach (RejectedRow row in rows)
        {
            WriteLine(_output, row);
        }
    }

    /// <summary>Ends the writing; without it nothing stays.</summary>
    public void Complete()
    {
        _output?.Complete();
        _insert?.Complete();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The session takes back what a failed statement has put into the table.
        _output?.Dispose();
    }

    private BulkInsert OpenTable(string table)
    {
        if (!context.Transaction.Catalog.TryGetTable(table, out _))
        {
            context.Transaction.CreateTable(new TableSchema { Name = table, Columns = Columns });
            context.Notices.Add($"The table {table} was made for rejected rows.");
        }

        return new BulkInsert(
            context, table, [.. Columns.Select(column => column.Name)], null);
    }

    private RowBatch ToBatch(IReadOnlyList<RejectedRow> rows)
    {
        ColumnBuilder[] builders =
            Array.ConvertAll(Columns, column => ColumnBuilder.Create(column.Type, rows.Count));
        foreach (RejectedRow row in rows)
        {
            builders[0].Append(Value.Of(source));
            builders[1].Append(Value.Of(row.Line));
            builders[2].Append(row.Column is null ? Value.Null : Value.Of(row.Column));
            builders[3].Append(Value.Of(row.Reason));
            builders[4].Append(Value.Of(row.Text));
        }

        return new RowBatch(Array.ConvertAll(builders, builder => builder.Build()), rows.Count);
    }

    private void WriteLine(CopyOutput output, RejectedRow row)
    {
        using (var json = new Utf8JsonWriter(output, Plain))
        {
            json.WriteStartObject();
            json.WriteString("file", source);
            json.WriteNumber("line", row.Line);
            json.WriteString("column_name", row.Column);
            json.WriteString("reason", row.Reason);
            json.WriteString("raw_text", row.Text);
            json.WriteEndObject();
        }

        output.GetSpan(1)[0] = (byte)'\n';
        output.Advance(1);
    }
}
