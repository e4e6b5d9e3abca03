using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE TABLE; with a plan, the new table takes its rows.</summary>
internal sealed class BoundCreateTable(TableSchema schema, bool ifNotExists, PlanNode? rows)
    : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override PlanNode? Plan => rows;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        if (ifNotExists && context.Transaction.Catalog.TryGetTable(schema.Name, out _))
        {
            context.Notices.Add($"The table {schema.Name} exists already; nothing was created.");
            return new StatementResult([], 0);
        }

        TableEntry table = context.Transaction.CreateTable(schema);
        RowBatch? batch = rows is null ? null : BatchJoiner.ReadAll(rows, context);
        if (batch is not null)
        {
            context.Transaction.Insert(table, batch);
        }

        return new StatementResult([], batch?.Count ?? 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) => rows is null
        ? [$"Create table {schema.Name}"]
        : ChangeText.Lines($"Create table {schema.Name}", rows, context);
}
