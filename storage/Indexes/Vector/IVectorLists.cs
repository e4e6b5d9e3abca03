namespace NeuroDb.Storage;

/// <summary>Where a <see cref="VectorPart"/> has its lists: in memory, or in a file.</summary>
internal interface IVectorLists
{
    /// <summary>How many lists.</summary>
    int Count { get; }

    /// <summary>The rows of all lists.</summary>
    long RowCount { get; }

    /// <summary>The bytes of all lists in memory.</summary>
    long SizeBytes { get; }

    /// <summary>A list.</summary>
    VectorList Get(int index);
}
