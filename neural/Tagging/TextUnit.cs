namespace NeuroDb.Neural;

/// <summary>
/// What has one tag: a word between blanks, without the signs around it, or a single token. Numbers
/// are those of tokens.
/// </summary>
/// <param name="Start">The first token with the signs before it.</param>
/// <param name="First">The first token that the tag is of.</param>
/// <param name="Behind">The token behind those that the tag is of.</param>
/// <param name="End">The token behind the signs that follow.</param>
internal readonly record struct TextUnit(int Start, int First, int Behind, int End);
