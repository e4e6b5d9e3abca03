namespace NeuroDb.Query;

/// <summary>
/// One operator of a physical plan. Immutable, so that a cached plan serves many executions at
/// once; the state of an execution lives in its <see cref="BatchCursor"/>.
/// </summary>
internal abstract class PlanNode(IReadOnlyList<OutputColumn> output)
{
    private bool? _isParallelSafe;

    /// <summary>The columns of the batches, in order.</summary>
    public IReadOnlyList<OutputColumn> Output { get; } = output;

    /// <summary>The operators that this one reads from.</summary>
    public virtual IReadOnlyList<PlanNode> Children => [];

    /// <summary>What the planner expects; null if it has no opinion.</summary>
    public RowEstimate? Estimate { get; init; }

    /// <summary>The rows that the planner expects; NaN if it has no opinion.</summary>
    public double EstimatedRowCount => Estimate?.Rows ?? double.NaN;

    /// <summary>One line for EXPLAIN: the operator and what it does.</summary>
    public abstract string Describe();

    /// <inheritdoc/>
    public sealed override string ToString() => Describe();

    /// <summary>The expressions that this operator evaluates.</summary>
    public virtual IEnumerable<Expression> Expressions => [];

    /// <summary>The subqueries inside the expressions.</summary>
    public IEnumerable<PlannedSubquery> Subqueries =>
        Expressions.SelectMany(PlannedSubquery.In).Distinct();

    /// <summary>Further lines for EXPLAIN, such as the device of this execution.</summary>
    public virtual IEnumerable<string> Details(ExecutionContext context) => [];

    /// <summary>What computes it in this execution: the processor, or a device.</summary>
    public virtual string Device(ExecutionContext context) => "cpu";

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

    /// <summary>
    /// Prepares an execution on several threads; null if it has to run on one, or is so small that
    /// it should.
    /// </summary>
    public Pipeline? Parallelize(ExecutionContext context)
    {
        if (context.ThreadCount < 2 || !IsParallelSafe)
        {
            return null;
        }

        Pipeline? pipeline = StartParallel(context);
        return pipeline is null || context.Profile is not { } profile
            ? pipeline
            : profile.Open(this, pipeline);
    }

    /// <summary>Whether the expressions of the operator may be computed on any thread.</summary>
    public bool IsParallelSafe => _isParallelSafe ??= Expressions.All(
        static expression => !expression.Any(static part => !part.IsDeterministic));

    /// <summary>Makes the pipeline; null if there is none.</summary>
    protected virtual Pipeline? StartParallel(ExecutionContext context) => null;

    /// <summary>Makes the cursor.</summary>
    protected abstract BatchCursor Start(ExecutionContext context);
}
