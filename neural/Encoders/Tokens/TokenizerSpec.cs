namespace NeuroDb.Neural;

/// <summary>The tokens that a transform learns from its column.</summary>
/// <param name="Kind">How they are learned.</param>
/// <param name="Vocabulary">The most tokens, the 256 bytes among them.</param>
internal sealed record TokenizerSpec(TokenizerKind Kind, int Vocabulary)
{
    /// <summary>The fewest tokens that can be asked for.</summary>
    public const int VocabularyMin = 257;

    /// <summary>The most tokens that can be asked for.</summary>
    public const int VocabularyMax = 1 << 17;

    /// <summary>Where nothing is asked for.</summary>
    public const int VocabularyUsual = 8192;
}
