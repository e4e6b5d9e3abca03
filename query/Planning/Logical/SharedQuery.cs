namespace NeuroDb.Query;

/// <summary>
/// The query of an item of WITH, bound once for all its uses. Its plan is run once for the
/// statement if it is used more than once or if MATERIALIZED says so.
/// </summary>
internal sealed class SharedQuery(string name, LogicalNode plan, bool isMaterialized)
{
    private double? _rowCount;

    /// <summary>The name in WITH.</summary>
    public string Name { get; } = name;

    /// <summary>The query.</summary>
    public LogicalNode Plan { get; } = plan;

    /// <summary>
    /// The rows expected; computed once, because items that use each other twice would otherwise be
    /// looked at more and more often.
    /// </summary>
    public double RowCount => _rowCount ??= Cardinality.Of(Plan);

    /// <summary>How often it is used.</summary>
    public int UseCount { get; set; }

    /// <summary>Whether its rows are kept.</summary>
    public bool IsKept => isMaterialized || UseCount > 1;
}
