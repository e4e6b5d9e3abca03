namespace NeuroDb.Query;

/// <summary>
/// A statement that changes definitions. What it does depends on the catalog of the transaction, so
/// all of it happens when it runs.
/// </summary>
internal abstract class BoundDefinition(string description) : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        Execute(context);
        Comments.Prune(context);
        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) => [description];

    /// <summary>Makes the change.</summary>
    protected abstract void Execute(ExecutionContext context);
}
