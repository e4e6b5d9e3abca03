namespace NeuroDb.Query;

/// <summary>An aggregate that is computed for every group.</summary>
/// <param name="Call">The aggregate and what it aggregates.</param>
/// <param name="Column">The column of the plan.</param>
internal sealed record AggregateColumn(AggregateCall Call, OutputColumn Column);
