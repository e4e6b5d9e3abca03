namespace NeuroDb.Storage;

/// <summary>
/// The versions of one chunk that live at some timestamp; until those of the next one are asked
/// for, which may lie in the same arrays.
/// </summary>
/// <param name="Columns">The columns of the chunk, by ordinal.</param>
/// <param name="Rows">The rows of the columns, ascending.</param>
/// <param name="RowIds">The number of each of these versions.</param>
internal sealed record LiveRows(ColumnStore[] Columns, int[] Rows, long[] RowIds);
