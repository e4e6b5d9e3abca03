namespace NeuroDb.Query;

/// <summary>The frame of a window: which rows around a row are looked at.</summary>
/// <param name="Unit">What its bounds count.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Exclusion">Which rows around the current one are left out.</param>
internal sealed record FrameSyntax(
    FrameUnit Unit,
    FrameBoundSyntax Start,
    FrameBoundSyntax End,
    FrameExclusion Exclusion) : SyntaxNode;
