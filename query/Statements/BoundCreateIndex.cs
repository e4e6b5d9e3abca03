using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE INDEX.</summary>
internal sealed class BoundCreateIndex(
    IndexSchema schema, TableEntry table, bool ifNotExists, TableSchema? extended = null)
    : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        if (ifNotExists && context.Transaction.Catalog.TryGetIndex(schema.Name, out _))
        {
            context.Notices.Add($"The index {schema.Name} exists already; nothing was created.");
            return new StatementResult([], 0);
        }

        TableEntry own = extended is null || extended.Columns.Count == table.Schema.Columns.Count
            ? table
            : TableRewrite.Run(table, extended, new Dictionary<int, string>(), context);
        IndexEntry index = context.Transaction.CreateIndex(schema with { TableId = own.Id });
        if (schema.Kind == IndexKind.Learned)
        {
            // While others write: what the segments need is built before the index is seen.
            LearnedIndex.Of(index, own).Build(context.ThrowIfCancelled);
        }
        else if (schema.Kind == IndexKind.Vector && !context.Transaction.IsTemporary(table))
        {
            context.Transaction.VectorIndexOf(index).BeginBuild();
        }

        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Create index {schema.Name} on {table.Schema.Name}"];
}
