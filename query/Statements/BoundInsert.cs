namespace NeuroDb.Query;

/// <summary>INSERT: the source gives full rows in the order of the table's columns.</summary>
internal sealed class BoundInsert(TableWriter writer, PlanNode source) : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => writer.Returned;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        RowBatch? rows = BatchJoiner.ReadAll(source, context);
        if (rows is null)
        {
            return writer.Result(null, 0, context);
        }

        rows = IdentityFiller.Fill(rows, writer.Table, context.Transaction);
        writer.Check(rows, context);
        context.Transaction.Insert(writer.Table, rows);
        int identity = writer.Table.Schema.IdentityOrdinal;
        if (identity >= 0 && rows.Count > 0)
        {
            context.Changes.LastRowId =
                rows.Columns[identity].GetValue(rows.Count - 1).AsInt64();
        }

        return writer.Result(rows, rows.Count, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines($"Insert into {writer.Table.Schema.Name}", source, context);
}
