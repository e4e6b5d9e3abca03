namespace NeuroDb.Query;

/// <summary>
/// One operator of a physical plan. Immutable, so that a cached plan serves many executions at
/// once; the state of an execution lives in its <see cref="BatchCursor"/>.
/// </summary>
internal abstract class PlanNode(IReadOnlyList<OutputColumn> output)
{
    /// <summary>The columns of the batches, in order.</summary>
    public IReadOnlyList<OutputColumn> Output { get; } = output;

    /// <summary>The operators that this one reads from.</summary>
    public virtual IReadOnlyList<PlanNode> Children => [];

    /// <summary>The rows that the planner expects; NaN if it has no opinion.</summary>
    public double EstimatedRowCount { get; init; } = double.NaN;

    /// <summary>One line for EXPLAIN: the operator and what it does.</summary>
    public abstract string Describe();

    /// <summary>Starts an execution.</summary>
    public abstract BatchCursor Open(ExecutionContext context);
}
