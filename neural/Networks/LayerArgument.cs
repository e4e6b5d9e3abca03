namespace NeuroDb.Neural;

/// <summary>One argument of a layer: a number, or a word that may have arguments itself.</summary>
/// <param name="Name">The name before an equals sign, or null.</param>
/// <param name="Number">The number, if it is one.</param>
/// <param name="Part">The word, if it is one.</param>
internal sealed record LayerArgument(string? Name, double? Number, LayerSpec? Part);
