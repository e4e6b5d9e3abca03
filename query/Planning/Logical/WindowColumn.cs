namespace NeuroDb.Query;

/// <summary>A window function that is computed for every row.</summary>
/// <param name="Call">The function.</param>
/// <param name="Column">The column of the plan.</param>
internal sealed record WindowColumn(WindowCall Call, OutputColumn Column);
