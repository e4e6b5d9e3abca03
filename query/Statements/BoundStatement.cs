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

    /// <summary>Runs the statement. Rows of a query are computed while they are read.</summary>
    public abstract StatementResult Run(ExecutionContext context);

    /// <summary>
    /// The lines of EXPLAIN that tell what a change looks up beside its own rows.
    /// </summary>
    public virtual IReadOnlyList<string> Lookups(ExecutionContext context) => [];

    /// <summary>The lines of EXPLAIN.</summary>
    public abstract IReadOnlyList<string> Explain(ExecutionContext context);
}
