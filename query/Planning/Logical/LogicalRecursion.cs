namespace NeuroDb.Query;

/// <summary>
/// WITH RECURSIVE: the rows of the seed, then again and again the rows that the step makes of the
/// rows found last, until it finds none.
/// </summary>
internal sealed class LogicalRecursion : LogicalNode
{
    /// <summary>Makes the node; seed and step have columns of the types of the output.</summary>
    public LogicalRecursion(
        WorkingTable table,
        LogicalNode seed,
        LogicalNode step,
        bool isAll,
        IReadOnlyList<OutputColumn> output)
    {
        Invariant.Check(seed.Output.Count == output.Count && step.Output.Count == output.Count);
        Table = table;
        Seed = seed;
        Step = step;
        IsAll = isAll;
        Output = output;
    }

    /// <summary>Where the step finds the rows found last.</summary>
    public WorkingTable Table { get; }

    /// <summary>The first rows.</summary>
    public LogicalNode Seed { get; }

    /// <summary>What makes rows of rows.</summary>
    public LogicalNode Step { get; }

    /// <summary>Whether rows found again count again.</summary>
    public bool IsAll { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Seed, Step];

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalRecursion(Table, children[0], children[1], IsAll, Output);
}
