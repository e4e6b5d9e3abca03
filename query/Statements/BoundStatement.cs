namespace NeuroDb.Query;

/// <summary>
/// A statement bound to one catalog and one set of parameter types, ready to run any number of
/// times, also at once on several threads.
/// </summary>
internal abstract class BoundStatement
{
    /// <summary>The columns of the rows it gives; empty if it gives none.</summary>
    public abstract IReadOnlyList<OutputColumn> Columns { get; }

    /// <summary>Whether it writes, so that it needs a savepoint and a commit.</summary>
    public abstract bool ChangesData { get; }

    /// <summary>The plan that gives the rows of a query or of a change; null without one.</summary>
    public virtual PlanNode? Plan => null;

    /// <summary>
    /// Asks for memory that running with some values of the parameters will look at; they may be
    /// others than the statement was bound for.
    /// </summary>
    public virtual void Prefetch(ReadOnlySpan<Value> parameters)
    {
    }

    /// <summary>
    /// Whether it may run for several sets of parameters at once with the outcome of one after the
    /// other; <see cref="RunMany"/> may still find that it cannot.
    /// </summary>
    public virtual bool CanRunMany(ExecutionContext context) => false;

    /// <summary>
    /// Runs the statement for several sets of parameters, whose keys are looked up together.
    /// </summary>
    /// <returns>
    /// Of a query the rows of each set; of a change the count of all sets but the last and that of
    /// the last; null if they have to be run one after the other, before anything was changed.
    /// </returns>
    public virtual StatementResult[]? RunMany(
        ExecutionContext context, IReadOnlyList<Value[]> sets) =>
        throw Invariant.Broken("a statement that may run for several sets of parameters");

    /// <summary>Runs the statement. Rows of a query are computed while they are read.</summary>
    public abstract StatementResult Run(ExecutionContext context);

    /// <summary>
    /// The lines of EXPLAIN that tell what a change looks up beside its own rows.
    /// </summary>
    public virtual IReadOnlyList<string> Lookups(ExecutionContext context) => [];

    /// <summary>The lines of EXPLAIN.</summary>
    public abstract IReadOnlyList<string> Explain(ExecutionContext context);
}
