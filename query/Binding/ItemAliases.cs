namespace NeuroDb.Query;

/// <summary>
/// The names that items of a SELECT give to their expressions, for a condition in WHERE or a later
/// item that names nothing else. The expression stands in the place of the name.
/// </summary>
internal sealed class ItemAliases(IReadOnlyList<SelectItemSyntax> items)
{
    // Each name may stand for others that stand for others.
    private const int ExpansionCountMax = 1000;
    private int _expansions;

    /// <summary>How many items, from the first, may be named.</summary>
    public int VisibleCount { get; set; } = items.Count;

    /// <summary>The expression of an item by its name; null if none has it.</summary>
    public Expression? Find(NameSyntax name, ExpressionBinder expressions)
    {
        for (int i = 0; i < VisibleCount && name.Qualifier is null; i++)
        {
            if (items[i] is not ExpressionItemSyntax { Alias: { } alias } item
                || !string.Equals(alias.Name, name.Last, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            _expansions++;
            if (_expansions > ExpansionCountMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"Items that name each other are written out more than {ExpansionCountMax} "
                    + "times; use a subquery.",
                    name.Position);
            }

            int before = VisibleCount;
            VisibleCount = i;
            Expression found = expressions.Bind(item.Expression);
            VisibleCount = before;
            return found;
        }

        return null;
    }
}
