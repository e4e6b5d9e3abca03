namespace NeuroDb;

/// <summary>The kinds of indexes. The numbers are part of the file format.</summary>
internal enum IndexKind : byte
{
    /// <summary>Sorted runs that a learned model finds places in.</summary>
    Learned = 1,

    /// <summary>Nearest neighbours of vectors.</summary>
    Vector = 2,

    /// <summary>Words of texts, ranked by BM25.</summary>
    Bm25 = 3,
}
