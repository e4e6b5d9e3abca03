namespace NeuroDb.Query;

/// <summary>
/// A table function about models and tables: which objects it takes, which options, and what rows
/// it gives.
/// </summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="TakesModel">Whether it takes MODEL m.</param>
/// <param name="TablesMin">How many TABLE t it needs.</param>
/// <param name="TablesMax">How many it takes.</param>
/// <param name="Options">Its further arguments in their order.</param>
/// <param name="Columns">The columns of its rows.</param>
/// <param name="Run">The rows for the values of the options.</param>
internal sealed record ObjectFunction(
    string Name,
    bool TakesModel,
    int TablesMin,
    int TablesMax,
    IReadOnlyList<FunctionOption> Options,
    Func<ObjectInputs, IReadOnlyList<(string Name, DataType Type)>> Columns,
    Func<ObjectInputs, Value[], ExecutionContext, IEnumerable<Value[]>> Run)
{
    /// <summary>Whether a call may leave MODEL m out.</summary>
    public bool IsModelOptional { get; init; }

    /// <summary>
    /// The columns where they depend on options, whose values are constants then; used in place of
    /// the other if given.
    /// </summary>
    public Func<Value[], IReadOnlyList<(string Name, DataType Type)>>? ColumnsFor { get; init; }
}
