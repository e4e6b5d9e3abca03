namespace NeuroDb.Query;

/// <summary>
/// The query of an item of WITH, bound once for all its uses. Its plan is run once for the
/// statement if it is used more than once or if MATERIALIZED says so.
/// </summary>
internal sealed class SharedQuery(string name, LogicalNode plan, bool isMaterialized)
{
    /// <summary>The name in WITH.</summary>
    public string Name { get; } = name;

    /// <summary>The query.</summary>
    public LogicalNode Plan { get; } = plan;

    /// <summary>The rows expected.</summary>
    public RowEstimate Estimate => Cardinality.Estimate(Plan);

    /// <summary>How often it is used.</summary>
    public int UseCount { get; set; }

    /// <summary>Whether its rows are kept.</summary>
    public bool IsKept => isMaterialized || UseCount > 1;
}
