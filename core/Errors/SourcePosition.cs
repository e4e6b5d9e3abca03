namespace NeuroDb;

/// <summary>A place in a statement's text.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column in UTF-16 units, from 1.</param>
/// <param name="Length">The length of the text in question, in UTF-16 units; 0 if unknown.</param>
public readonly record struct SourcePosition(int Line, int Column, int Length)
{
    /// <summary>No position is known.</summary>
    public static SourcePosition None => default;

    /// <summary>Whether the position names a place.</summary>
    public bool IsKnown => Line > 0;
}
