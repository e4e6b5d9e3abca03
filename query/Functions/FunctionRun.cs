namespace NeuroDb.Query;

/// <summary>What a function knows of the batch that it computes.</summary>
/// <param name="Type">The type of the result.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Context">The execution.</param>
internal readonly record struct FunctionRun(DataType Type, int Count, ExecutionContext Context);
