namespace NeuroDb.Gpu;

/// <summary>
/// What a scan compares rows by: a number that orders rows as their distance does, and is at most
/// as dear as the distance. <see cref="Ranks.ToDistance"/> turns the few winners into distances.
/// </summary>
internal unsafe interface IRowRank
{
    /// <summary>
    /// The rank of a row. Shapes: row (dimension), query (dimension).
    /// NaN where the distance is undefined.
    /// </summary>
    /// <param name="row">The row; needs no alignment.</param>
    /// <param name="query">The query; needs no alignment.</param>
    /// <param name="dimension">Elements in each.</param>
    /// <param name="querySquaredNorm">dot(query, query), as <see cref="Dot"/> adds it up.</param>
    /// <param name="readAhead">Whether the next rows follow in memory; a constant.</param>
    static abstract float Rank<TLanes, TVector>(
        byte* row, byte* query, int dimension, double querySquaredNorm, bool readAhead)
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct;
}
