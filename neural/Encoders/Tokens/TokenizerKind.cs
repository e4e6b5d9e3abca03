namespace NeuroDb.Neural;

/// <summary>How a column of texts is cut into tokens that were learned from it.</summary>
internal enum TokenizerKind
{
    /// <summary>No tokens are learned; texts are words.</summary>
    None,

    /// <summary>Merges of the most frequent neighbours, from bytes.</summary>
    Bpe,

    /// <summary>The likeliest pieces of a model in which tokens are independent.</summary>
    Unigram,
}
