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

    /// <summary>The expressions that this operator evaluates.</summary>
    public virtual IEnumerable<Expression> Expressions => [];

    /// <summary>The subqueries inside the expressions.</summary>
    public IEnumerable<PlannedSubquery> Subqueries =>
        Expressions.SelectMany(PlannedSubquery.In).Distinct();

    /// <summary>Further lines for EXPLAIN, such as the device of this execution.</summary>
    public virtual IEnumerable<string> Details(ExecutionContext context) => [];

    /// <summary>
    /// The same operator that gives some of its columns under perhaps other names, if it can leave
    /// out the others at no cost; null if it cannot.
    /// </summary>
    public virtual PlanNode? TrySelect(int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        null;

    /// <summary>Starts an execution; measured where the execution asks for it.</summary>
    public BatchCursor Open(ExecutionContext context) =>
        context.Profile is { } profile ? profile.Open(this, context) : Start(context);

    /// <summary>Starts an execution without measuring it.</summary>
    public BatchCursor OpenUnmeasured(ExecutionContext context) => Start(context);

    /// <summary>Makes the cursor.</summary>
    protected abstract BatchCursor Start(ExecutionContext context);
}
