namespace NeuroDb.Storage;

/// <summary>
/// Cuts texts into the terms that a text index counts. The index knows terms by their hashes only;
/// two terms of one hash count as one, which at 64 bits no collection of texts will see.
/// </summary>
internal interface ITextAnalyzer
{
    /// <summary>Adds the hash of each term of a text, in its order.</summary>
    /// <returns>The length of the text in words, which the ranking divides by.</returns>
    int Analyze(ReadOnlySpan<char> text, List<ulong> terms);
}
