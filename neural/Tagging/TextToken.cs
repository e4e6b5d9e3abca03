namespace NeuroDb.Neural;

/// <summary>A token of a text.</summary>
/// <param name="Start">Its first UTF-16 unit.</param>
/// <param name="Length">Its UTF-16 units.</param>
/// <param name="Word">The number of the word between blanks that it is of.</param>
internal readonly record struct TextToken(int Start, int Length, int Word)
{
    /// <summary>The place behind it.</summary>
    public int End => Start + Length;
}
