namespace NeuroDb.Query;

/// <summary>
/// A column of the logical plan. Every column that any plan node makes has an identifier of its
/// own, so that rules move expressions between nodes without renumbering.
/// </summary>
/// <param name="id">The identifier, unique in one statement.</param>
/// <param name="name">The name, for messages and EXPLAIN.</param>
/// <param name="type">The type.</param>
internal sealed class ColumnExpression(int id, string name, DataType type) : Expression(type)
{
    /// <summary>The identifier, unique in one statement.</summary>
    public int Id { get; } = id;

    /// <summary>The name, for messages and EXPLAIN.</summary>
    public string Name { get; } = name;

    /// <summary>Not possible: the planner replaces columns by ordinals before execution.</summary>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        throw Invariant.Broken($"column {Name} is resolved before execution");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
