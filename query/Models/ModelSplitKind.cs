namespace NeuroDb.Query;

/// <summary>What decides to which part a row belongs.</summary>
internal enum ModelSplitKind
{
    /// <summary>The hash of all its values: equal rows are never on two sides.</summary>
    Random,

    /// <summary>As random, with the shares of each value of a column kept.</summary>
    Stratified,

    /// <summary>Its place in the order of a column: the last ones test.</summary>
    Ordered,

    /// <summary>The hash of a column: rows of one group stay together.</summary>
    Grouped,

    /// <summary>A column that says train, validation or test.</summary>
    Named,

    /// <summary>The last n rows in the order of a column test.</summary>
    LastOrdered,

    /// <summary>
    /// The last n rows of each value of a column, in the order of the query, test.
    /// </summary>
    LastGrouped,
}
