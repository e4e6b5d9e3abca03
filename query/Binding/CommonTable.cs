namespace NeuroDb.Query;

/// <summary>
/// An item of WITH as later parts of the query see it: a chain from the innermost to the outermost.
/// It is bound where it is used, so that each use has columns of its own.
/// </summary>
/// <param name="Syntax">What was written.</param>
/// <param name="Environment">What the query of the item itself may see.</param>
/// <param name="Next">The item before it, or null.</param>
internal sealed record CommonTable(
    CommonTableSyntax Syntax, QueryEnvironment Environment, CommonTable? Next)
{
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
