namespace NeuroDb.Query;

/// <summary>Where an estimate of a number of rows comes from.</summary>
internal enum EstimateSource
{
    /// <summary>It is known: the rows of a table, of a list of keys or values.</summary>
    Count,

    /// <summary>The execution of the same part of a plan over the same tables.</summary>
    Feedback,

    /// <summary>Conditions evaluated on the sample of a table.</summary>
    Sample,

    /// <summary>Bins of the values by which tables are joined, and their samples.</summary>
    Bins,

    /// <summary>Histograms and counts of values, as the sample has too few of the rows.</summary>
    Histogram,

    /// <summary>Fixed guesses.</summary>
    Default,
}
