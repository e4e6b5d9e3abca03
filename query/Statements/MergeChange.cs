namespace NeuroDb.Query;

/// <summary>What a WHEN of MERGE does in one execution.</summary>
/// <param name="Clause">The clause.</param>
/// <param name="Places">The joined rows that took it.</param>
/// <param name="Rows">The rows of the table as they are to be, or as they are for DELETE.</param>
internal sealed record MergeChange(MergeClause Clause, int[] Places, RowBatch Rows);
