namespace NeuroDb.Query;

/// <summary>A column of an input by which it is joined.</summary>
/// <param name="Leaf">The number of the input.</param>
/// <param name="Ordinal">The ordinal in its table; -1 if it is not one of a table.</param>
/// <param name="ColumnId">The identifier of the column.</param>
internal readonly record struct JoinKey(int Leaf, int Ordinal, int ColumnId);
