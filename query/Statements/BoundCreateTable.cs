using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE TABLE; with a plan, the new table takes its rows.</summary>
internal sealed class BoundCreateTable(
    CreateTableStatementSyntax syntax,
    TableSchema schema,
    IReadOnlyList<NewSequence> sequences,
    PlanNode? rows)
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
        if (IsThere(context, out TableEntry known))
        {
            if (!syntax.OrReplace)
            {
                context.Notices.Add(
                    $"The table {schema.Name} exists already; nothing was created.");
                return new StatementResult([], 0);
            }

            Dependencies.ReleaseReferences(
                known, new HashSet<string>(), false, context, syntax.Position);
            context.Transaction.DropTable(known);
        }

        RowBatch? batch = rows is null ? null : BatchJoiner.ReadAll(rows, context);
        SchemaBuilder.Create(sequences, context, syntax.Position);
        ModelUse.Keep(schema, context.Transaction);
        CheckNotes(context);
        TableEntry table = IsTemporary
            ? context.Temporaries.Change(context.Transaction).CreateTable(schema)
            : context.Transaction.CreateTable(schema);
        if (batch is not null)
        {
            Fill(table, batch, context);
        }

        return new StatementResult([], batch?.Count ?? 0);
    }

    // As INSERT does, with what a definition asks of rows.
    private static void Fill(TableEntry table, RowBatch rows, ExecutionContext context)
    {
        var writer = new TableWriter(
            table, null, [], new Binder(context.Transaction.Catalog, [], context.Notices));
        RowBatch complete = writer.Complete(
            IdentityFiller.Fill(rows, table, context.Transaction), context);
        writer.Check(complete, context);
        new RowChanges(table, context).Insert(complete);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) => rows is null
        ? [$"Create table {schema.Name}"]
        : ChangeText.Lines($"Create table {schema.Name}", rows, context);

    // Work in the background sees no temporary tables.
    private void CheckNotes(ExecutionContext context)
    {
        if (AnswerColumns.HasNotes(schema))
        {
            NotYet.Refuse(IsTemporary, "ASYNC in a temporary table", syntax.Position);
            context.Answers.Arm();
        }
    }

    private bool IsTemporary => syntax.IsTemporary || Binder.IsTemporary(syntax.Name);

    // Whether the statement may go on is decided here; a temporary table hides one of its name.
    private bool IsThere(ExecutionContext context, out TableEntry table)
    {
        CatalogView catalog = IsTemporary
            ? context.Transaction.Temporary?.Catalog ?? CatalogView.Empty
            : context.Transaction.MainCatalog;
        if (catalog.TryGetTable(schema.Name, out table))
        {
            return syntax.IfNotExists || syntax.OrReplace;
        }

        bool isView = catalog.TryGetObject(CatalogObjectKind.View, schema.Name, out _);
        return isView
            ? throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A view {schema.Name} exists already. Choose another name, or drop it first.",
                syntax.Position)
            : false;
    }
}
