namespace NeuroDb.Query;

/// <summary>
/// The name by which the step of one WITH RECURSIVE knows the rows found last. The rows are in the
/// execution's state under this object.
/// </summary>
/// <param name="Name">The name in WITH.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Captures">What surrounds the query, to tell a use inside a subquery.</param>
internal sealed record WorkingTable(
    string Name, IReadOnlyList<OutputColumn> Columns, OuterCaptures? Captures)
{
    /// <summary>How often the step names it.</summary>
    public int UseCount { get; set; }
}
