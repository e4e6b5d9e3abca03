namespace NeuroDb.Query;

/// <summary>
/// An item of WITH as later parts of the query see it: a chain from the innermost to the outermost.
/// </summary>
/// <param name="Syntax">What was written.</param>
/// <param name="Environment">What the query of the item itself may see.</param>
/// <param name="Next">The item before it, or null.</param>
/// <param name="Working">
/// The rows found last, where the item is named in its own recursion; otherwise null.
/// </param>
internal sealed record CommonTable(
    CommonTableSyntax Syntax,
    QueryEnvironment Environment,
    CommonTable? Next,
    WorkingTable? Working = null)
{
    /// <summary>Where the rows of a change are; null for a query.</summary>
    public WorkingTable? Changed { get; init; }

    /// <summary>
    /// The query bound for all uses; null before the first, or if it is not shared.
    /// </summary>
    public SharedQuery? Shared { get; set; }

    /// <summary>The nearest item of a name, or null.</summary>
    public static CommonTable? Find(CommonTable? first, string name)
    {
        for (CommonTable? item = first; item is not null; item = item.Next)
        {
            if (string.Equals(item.Syntax.Name.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return item;
            }
        }

        return null;
    }
}
