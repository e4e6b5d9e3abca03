namespace NeuroDb.Query;

/// <summary>When the value of a function may change.</summary>
internal enum FunctionVolatility
{
    /// <summary>Never: equal arguments give equal values.</summary>
    Immutable,

    /// <summary>Between statements only, such as now().</summary>
    Stable,

    /// <summary>From row to row, such as random().</summary>
    Volatile,
}
