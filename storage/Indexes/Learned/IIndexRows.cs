namespace NeuroDb.Storage;

/// <summary>
/// Rows that an index is built over: chunks of columns, the last one perhaps short.
/// </summary>
internal interface IIndexRows
{
    /// <summary>A column of a chunk.</summary>
    ColumnStore Column(int chunk, int column);

    /// <summary>
    /// The same for who goes through the chunks of one column and reads none twice.
    /// </summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="column">The column.</param>
    /// <param name="spent">
    /// What this method gave for the chunk before, whose memory is used again; null for the first.
    /// </param>
    ColumnStore Next(int chunk, int column, ColumnStore? spent) => Column(chunk, column);
}
