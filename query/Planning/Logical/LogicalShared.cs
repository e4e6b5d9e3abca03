namespace NeuroDb.Query;

/// <summary>One use of a <see cref="SharedQuery"/>, with columns of its own.</summary>
internal sealed class LogicalShared(SharedQuery query, IReadOnlyList<OutputColumn> output)
    : LogicalNode
{
    /// <summary>The query.</summary>
    public SharedQuery Query { get; } = query;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; } = output;

    /// <summary>The same rows computed in place.</summary>
    public LogicalProject Inline()
    {
        IReadOnlyList<OutputColumn> source = Query.Plan.Output;
        Invariant.Check(source.Count == Output.Count);
        return new LogicalProject(Query.Plan, [.. Output.Select((column, i) =>
            new ProjectedColumn(
                new ColumnExpression(source[i].Id, source[i].Name, source[i].Type), column))]);
    }
}
