namespace NeuroDb.Gpu;

/// <summary>Ranks of rows and queries in the form in which they are kept.</summary>
internal readonly unsafe struct ExactRank<TElement, TQuery, TRank>(
    TElement* rows, int stride, TQuery* queries, int dimension, long firstId, VectorWidth width)
    : IExactRank
    where TElement : unmanaged
    where TQuery : unmanaged
    where TRank : struct, IRowRank
{
    private readonly TElement* _rows = rows;
    private readonly TQuery* _queries = queries;

    /// <inheritdoc/>
    public float Rank(int row, int query, double querySquaredNorm)
    {
        var action = new RankAction<TRank>(
            (byte*)(_rows + ((nint)row * stride)),
            (byte*)(_queries + ((nint)query * dimension)),
            dimension,
            querySquaredNorm);
        ElementDispatch.Run<TElement, TQuery, RankAction<TRank>>(width, ref action);
        return action.Result;
    }

    /// <inheritdoc/>
    public long Id(int row) => firstId + row;
}
