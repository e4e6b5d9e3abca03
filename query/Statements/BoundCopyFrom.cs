using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// COPY FROM: loads a file into a table in one transaction, and gives one row: how many rows were
/// loaded, how many rejected, and where those are.
/// </summary>
internal sealed class BoundCopyFrom(
    CopyStatementSyntax syntax, TableEntry table, IReadOnlyList<ColumnSchema> columns)
    : BoundStatement
{
    private const long ReportSizeBytes = 1024 * 1024;

    private static readonly OutputColumn[] Output =
    [
        new(0, "rows_loaded", DataType.BigInt, IsNullable: false),
        new(1, "rows_rejected", DataType.BigInt, IsNullable: false),
        new(2, "rejects", DataType.Text),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Output;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        string path = CopyPath.Of(syntax, context);
        CopyOptions options = CopyOptionReader.Read(syntax, path);
        var rejects = new CopyRejects(options, Path.GetFileName(path));
        using CopyRowReader reader = CopyRowReader.Open(
            path, options, columns, rejects, context);
        var loader = new CopyLoader(context, table.Schema.Name, rejects);
        using var writer = new RejectWriter(context, files, options, path);
        Load(reader, loader, writer, rejects, context);
        loader.Complete();
        writer.Complete();
        Report(reader, loader, rejects, context);
        return Result(loader.Count, rejects.Count, writer.Place, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lookups(ExecutionContext context) =>
        ChangeLookups.OfInsert(table, [], context);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
    [
        $"Copy into {table.Schema.Name} from {CopyPath.Of(syntax, context)}",
        .. Lookups(context).Select(static line => "  " + line),
    ];

    private static void Load(
        CopyRowReader reader,
        CopyLoader loader,
        RejectWriter writer,
        CopyRejects rejects,
        ExecutionContext context)
    {
        long reported = 0;
        while (reader.Next() is { } rows)
        {
            loader.Append(rows);
            writer.Write(rejects.Take());
            context.ThrowIfCancelled();
            if (reader.Consumed - reported >= Math.Min(ReportSizeBytes, reader.Length / 100))
            {
                reported = reader.Consumed;
                Report(reader, loader, rejects, context);
            }
        }
    }

    private static void Report(
        CopyRowReader reader, CopyLoader loader, CopyRejects rejects, ExecutionContext context) =>
        context.CopyProgress?.Report(new CopyProgress(
            reader.Consumed, reader.Length, loader.Count, rejects.Count));

    private static StatementResult Result(
        long loaded, long rejected, string? place, ExecutionContext context)
    {
        if (rejected > 0)
        {
            context.Notices.Add(
                $"{rejected} rows were not loaded"
                + (place is null ? "." : $"; they are in {place} with the reasons."));
        }

        Value[] values =
        [
            Value.Of(loaded), Value.Of(rejected), place is null ? Value.Null : Value.Of(place),
        ];
        var buffers = new ColumnBuffer[values.Length];
        for (int i = 0; i < buffers.Length; i++)
        {
            buffers[i] = ColumnBuffer.Constant(Output[i].Type, values[i], 1);
        }

        return new StatementResult(
            Output, loaded, new BufferedCursor([new RowBatch(buffers, 1)]));
    }
}
