namespace NeuroDb.Query;

/// <summary>Some rows that were read from a file.</summary>
/// <param name="Rows">The values, as columns of the types of the table.</param>
/// <param name="Columns">The columns that are given; the same object as long as they are.</param>
/// <param name="Lines">The line of each row.</param>
internal sealed record CopiedRows(
    RowBatch Rows, IReadOnlyList<string> Columns, long[] Lines);
