namespace NeuroDb.Query;

/// <summary>What a window function computes.</summary>
internal enum WindowKind
{
    /// <summary>An aggregate of the frame.</summary>
    Aggregate,

    /// <summary>row_number().</summary>
    RowNumber,

    /// <summary>rank().</summary>
    Rank,

    /// <summary>dense_rank().</summary>
    DenseRank,

    /// <summary>percent_rank().</summary>
    PercentRank,

    /// <summary>cume_dist().</summary>
    CumulativeDistribution,

    /// <summary>ntile(n).</summary>
    Tile,

    /// <summary>lag(x, offset, default).</summary>
    Lag,

    /// <summary>lead(x, offset, default).</summary>
    Lead,

    /// <summary>first_value(x).</summary>
    First,

    /// <summary>last_value(x).</summary>
    Last,

    /// <summary>nth_value(x, n).</summary>
    Nth,
}
