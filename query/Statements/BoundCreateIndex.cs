using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE INDEX.</summary>
internal sealed class BoundCreateIndex(IndexSchema schema, TableEntry table, bool ifNotExists)
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

        if (schema.IsUnique)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "A UNIQUE index is understood, but this version of NeuroStore does not keep one; "
                + "declare the key in CREATE TABLE.");
        }

        context.Transaction.CreateIndex(schema);
        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Create index {schema.Name} on {table.Schema.Name}"];
}
