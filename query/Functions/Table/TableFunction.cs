namespace NeuroDb.Query;

/// <summary>A bound table function.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Columns">The columns of its rows.</param>
/// <param name="Run">The rows for the values of the arguments, made while they are read.</param>
internal sealed record TableFunction(
    string Name,
    IReadOnlyList<(string Name, DataType Type)> Columns,
    Func<Value[], IEnumerable<Value[]>> Run)
{
    /// <summary>
    /// The rows where they depend on more than the arguments; used in place of the other if given.
    /// </summary>
    public Func<Value[], ExecutionContext, IEnumerable<Value[]>>? RunIn { get; init; }
}
