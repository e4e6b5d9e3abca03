namespace NeuroDb.Storage;

/// <summary>The lists of a <see cref="VectorPart"/>. Immutable.</summary>
internal sealed class VectorLists(VectorList[] lists)
{
    private readonly ListPlace[] _places =
        Array.ConvertAll(lists, static list => new ListPlace(list));

    /// <summary>How many lists.</summary>
    public int Count => lists.Length;

    /// <summary>The rows of all lists.</summary>
    public long RowCount { get; } = lists.Sum(static list => (long)list.Count);

    /// <summary>The bytes of all lists in memory.</summary>
    public long SizeBytes { get; } = lists.Sum(static list => list.SizeBytes);

    /// <summary>A list.</summary>
    public VectorList Get(int index) => lists[index];

    /// <summary>Where a list lies.</summary>
    public ref readonly ListPlace PlaceOf(int index) => ref _places[index];
}
