namespace NeuroDb.Neural;

/// <summary>A word of a <see cref="TextWordBlock"/>.</summary>
/// <param name="Offset">Where it begins, with the mark before it.</param>
/// <param name="Length">Its units without marks.</param>
/// <param name="IsIdeograph">Whether it is one letter of a script without gaps.</param>
/// <param name="ContinuesPhrase">Whether only blanks stand between the last word and it.</param>
/// <param name="ContinuesRun">Whether nothing stands between the last word and it.</param>
internal readonly record struct TextWord(
    int Offset, int Length, bool IsIdeograph, bool ContinuesPhrase, bool ContinuesRun);
