namespace NeuroDb.Neural;

/// <summary>How a raw column becomes numbers of a network.</summary>
internal enum TransformKind
{
    /// <summary>The number or vector itself.</summary>
    Identity,

    /// <summary>(x - mean) / standard deviation.</summary>
    StandardScale,

    /// <summary>(x - least) / (largest - least).</summary>
    MinMax,

    /// <summary>1 at the place of the value, 0 elsewhere; all 0 for a value never seen.</summary>
    OneHot,

    /// <summary>The place of the value among the sorted ones, -1 for one never seen.</summary>
    Ordinal,

    /// <summary>1 at a place that the hash of the value gives.</summary>
    Hash,

    /// <summary>
    /// Words and pairs of words of a text at the places that their hashes give, by rarity.
    /// </summary>
    Ngrams,

    /// <summary>The numbers of the words of a text, cut or filled with 0 to a length.</summary>
    Words,

    /// <summary>A decoded image of a size, from 0 to 1.</summary>
    Image,

    /// <summary>
    /// Pairs of the number and the weight of each word, pair of words and character n-gram that
    /// the training knew; what embedders of texts read.
    /// </summary>
    Units,

    /// <summary>The same of words alone, weighed by how frequent they are.</summary>
    WordUnits,

    /// <summary>The mel spectrum of a sound as an image, from 0 to 1.</summary>
    LogMel,

    /// <summary>As <see cref="Ngrams"/>, but of single words alone.</summary>
    BagOfWords,

    /// <summary>
    /// As <see cref="Ngrams"/>, but weighted by how much a place tells the classes apart.
    /// </summary>
    NgramRatios,

    /// <summary>1 at the place of the bucket of a number; buckets hold equally many.</summary>
    Bucketize,

    /// <summary>The mean of the target among the rows with the value, from other rows.</summary>
    TargetEncode,

    /// <summary>1 at a place that the hash of two values together gives.</summary>
    Cross,

    /// <summary>Year, season, day of month and week, and hour, of a date or time.</summary>
    DateParts,
}
