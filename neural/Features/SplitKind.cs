namespace NeuroDb.Neural;

/// <summary>How rows are divided.</summary>
internal enum SplitKind
{
    /// <summary>By the hash of each row's key: stable when rows are added.</summary>
    Random,

    /// <summary>As random, with the shares of each class kept.</summary>
    Stratified,

    /// <summary>The first rows train, the last ones test.</summary>
    Ordered,

    /// <summary>Rows of one group stay together.</summary>
    Grouped,
}
