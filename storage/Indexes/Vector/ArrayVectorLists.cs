namespace NeuroDb.Storage;

/// <summary>Lists that are all in memory.</summary>
internal sealed class ArrayVectorLists(VectorList[] lists) : IVectorLists
{
    /// <inheritdoc/>
    public int Count => lists.Length;

    /// <inheritdoc/>
    public long RowCount { get; } = lists.Sum(static list => (long)list.Count);

    /// <inheritdoc/>
    public long SizeBytes { get; } = lists.Sum(static list => list.SizeBytes);

    /// <inheritdoc/>
    public VectorList Get(int index) => lists[index];
}
