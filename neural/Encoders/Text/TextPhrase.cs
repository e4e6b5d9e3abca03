namespace NeuroDb.Neural;

/// <summary>What the words before the next one leave for it.</summary>
internal struct TextPhrase
{
    /// <summary>The hash of the last word, before it is finished.</summary>
    public ulong Word;

    /// <summary>The hash of the words that nothing stands between.</summary>
    public ulong Run;

    /// <summary>How many those are.</summary>
    public int RunWordCount;
}
