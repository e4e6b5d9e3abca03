namespace NeuroDb.Query;

/// <summary>Reads the rows that a recursion found last.</summary>
internal sealed class LogicalWorkingTable(
    WorkingTable table, IReadOnlyList<OutputColumn> output) : LogicalNode
{
    /// <summary>Whose rows.</summary>
    public WorkingTable Table { get; } = table;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; } = output;
}
