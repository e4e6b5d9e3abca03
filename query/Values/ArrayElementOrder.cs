namespace NeuroDb.Query;

/// <summary>The order of the elements of an array, all of one kind; NULL is the last.</summary>
internal sealed class ArrayElementOrder : IComparer<Value>
{
    /// <summary>The only one.</summary>
    public static readonly ArrayElementOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(Value left, Value right) => left.IsNull || right.IsNull
        ? left.IsNull.CompareTo(right.IsNull)
        : ValueOrder.Compare(DataType.FromParts(left.Kind, 0, 0).Physical, left, right);
}
