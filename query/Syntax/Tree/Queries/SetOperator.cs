namespace NeuroDb.Query;

/// <summary>The operations on two query bodies.</summary>
internal enum SetOperator
{
    /// <summary>UNION.</summary>
    Union,

    /// <summary>EXCEPT.</summary>
    Except,

    /// <summary>INTERSECT.</summary>
    Intersect,
}
