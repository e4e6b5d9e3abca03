namespace NeuroDb.Storage;

/// <summary>
/// Rows that an index is built over: chunks of columns, the last one perhaps short.
/// </summary>
internal interface IIndexRows
{
    /// <summary>A column of a chunk.</summary>
    ColumnStore Column(int chunk, int column);
}
