namespace NeuroDb;

/// <summary>Something that has memory outside of the collector's heap.</summary>
internal interface INativeMemory
{
    /// <summary>The bytes, roughly.</summary>
    long SizeBytes { get; }

    /// <summary>
    /// Gives the memory back: nobody reads it any more but those to whom it was lent. More than
    /// once is once.
    /// </summary>
    void Release();
}
