namespace NeuroDb.Query;

/// <summary>Gives each row once; NULLs count as equal.</summary>
internal sealed class LogicalDistinct(LogicalNode input) : LogicalNode
{
    /// <summary>Where the rows come from.</summary>
    public LogicalNode Input { get; } = input;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Input.Output;

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Input];

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalDistinct(children[0]);
}
