namespace NeuroDb.Query;

/// <summary>An item of a ranking; the least order first, and no number last.</summary>
/// <param name="Order">The place, or the negative score.</param>
/// <param name="Item">The item.</param>
internal readonly record struct RankedItem(double Order, string Item) : IComparable<RankedItem>
{
    /// <inheritdoc/>
    public int CompareTo(RankedItem other)
    {
        int order = (double.IsNaN(Order), Order).CompareTo(
            (double.IsNaN(other.Order), other.Order));
        return order != 0 ? order : string.CompareOrdinal(Item, other.Item);
    }
}
