namespace NeuroDb.Query;

/// <summary>How the rows of a subquery become one value.</summary>
internal enum SubqueryKind
{
    /// <summary>The value of the only row and column; NULL without a row.</summary>
    Scalar,

    /// <summary>Whether there is a row.</summary>
    Exists,

    /// <summary>Whether a value is among the rows.</summary>
    In,
}
