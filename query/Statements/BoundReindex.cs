using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>REINDEX: builds what indexes keep anew, where it is missing or damaged.</summary>
internal sealed class BoundReindex(IReadOnlyList<IndexEntry> indexes) : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => false;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        foreach (IndexEntry index in indexes)
        {
            IIndexStructure? structure = index.Schema.Kind == IndexKind.Vector
                ? context.Transaction.VectorIndexOf(index)
                : index.Structure;
            Build(structure, context);
        }

        return new StatementResult([], 0);
    }

    private static void Build(IIndexStructure? structure, ExecutionContext context)
    {
        if (structure is LearnedIndex learned)
        {
            learned.Build(context.ThrowIfCancelled);
            return;
        }

        try
        {
            structure?.Build(context.Cancellation);
        }
        catch (OperationCanceledException)
        {
            context.ThrowIfCancelled();
            throw;
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [.. indexes.Select(static index => $"Reindex {index.Schema.Name}")];
}
