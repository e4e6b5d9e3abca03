namespace NeuroDb.Query;

/// <summary>COPY TO: writes the rows of a query to a file, and gives their number.</summary>
internal sealed class BoundCopyTo(CopyStatementSyntax syntax, PlanNode plan) : BoundStatement
{
    private static readonly OutputColumn[] Output =
        [new(0, "rows_written", DataType.BigInt, IsNullable: false)];

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => Output;

    /// <inheritdoc/>
    public override bool ChangesData => false;

    /// <inheritdoc/>
    public override PlanNode? Plan => plan;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        CopyFiles? files = context.Files;
        Invariant.Check(files is not null);
        string path = CopyPath.Of(syntax, context);
        CopyOptions options = CopyOptionReader.Read(syntax, path);
        using CopyOutput output = files.Create(path);
        CopyRowWriter writer = CopyRowWriter.Create(output, options, plan.Output);
        long count = 0;
        using (BatchCursor cursor = plan.Open(context))
        {
            while (cursor.Next() is { } rows)
            {
                context.ThrowIfCancelled();
                writer.Write(rows);
                count += rows.Count;
                context.CopyProgress?.Report(new CopyProgress(output.Written, 0, count, 0));
            }
        }

        writer.Complete();
        output.Complete();
        ColumnBuffer column = ColumnBuffer.Constant(DataType.BigInt, Value.Of(count), 1);
        return new StatementResult(
            Output, -1, new BufferedCursor([new RowBatch([column], 1)]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines($"Copy to {CopyPath.Of(syntax, context)}", plan, context);
}
