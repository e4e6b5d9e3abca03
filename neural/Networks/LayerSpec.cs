namespace NeuroDb.Neural;

/// <summary>A layer as it is written: its name and what stands in its parentheses.</summary>
/// <param name="Name">The name in lower case.</param>
/// <param name="Arguments">What stands in the parentheses, in order.</param>
internal sealed record LayerSpec(string Name, IReadOnlyList<LayerArgument> Arguments)
{
    /// <summary>The arguments that are layers or words of their own.</summary>
    public IEnumerable<LayerSpec> Parts =>
        Arguments.Where(argument => argument.Part != null).Select(argument => argument.Part!);
}
