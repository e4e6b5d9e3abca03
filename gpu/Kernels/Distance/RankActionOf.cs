namespace NeuroDb.Gpu;

/// <summary>The rank of one row that waits for its registers.</summary>
internal unsafe ref struct RankAction<TRank>(
    byte* row, byte* query, int dimension, double querySquaredNorm) : IElementAction
    where TRank : struct, IRowRank
{
    private readonly byte* _row = row;
    private readonly byte* _query = query;
    private readonly int _dimension = dimension;
    private readonly double _norm = querySquaredNorm;

    /// <summary>The rank.</summary>
    public float Result { get; private set; }

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IElementLanes<TVector>
        where TVector : struct =>
        Result = TRank.Rank<TLanes, TVector>(_row, _query, _dimension, _norm, false);
}
