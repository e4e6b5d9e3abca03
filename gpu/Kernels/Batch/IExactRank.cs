namespace NeuroDb.Gpu;

/// <summary>The ranks that decide in a batch: those of the scan for one query.</summary>
internal interface IExactRank
{
    /// <summary>The rank of a row of the block for a query of the batch.</summary>
    float Rank(int row, int query, double querySquaredNorm);

    /// <summary>The id of a row of the block.</summary>
    long Id(int row);
}
