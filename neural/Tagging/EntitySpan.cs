namespace NeuroDb.Neural;

/// <summary>An entity in a sequence of tags.</summary>
/// <param name="Start">The place of its first tag.</param>
/// <param name="End">The place behind its last tag.</param>
/// <param name="Kind">What it is: PER, LOC.</param>
internal readonly record struct EntitySpan(int Start, int End, string Kind);
