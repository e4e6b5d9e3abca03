namespace NeuroDb.Query;

/// <summary>A column that a scan reads from its table.</summary>
/// <param name="Column">The column of the plan.</param>
/// <param name="Ordinal">The ordinal in the table.</param>
internal sealed record ScannedColumn(OutputColumn Column, int Ordinal);
