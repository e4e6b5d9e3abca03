namespace NeuroDb.Query;

/// <summary>The objects that a call of a table function names.</summary>
/// <param name="Model">The name of the model; null if the function takes none.</param>
/// <param name="Version">The version of that name when the statement was bound.</param>
/// <param name="Tables">The tables in order.</param>
/// <param name="Position">The place of the call.</param>
internal sealed record ObjectInputs(
    ModelNameSyntax? Model,
    ModelVersionInfo? Version,
    IReadOnlyList<FunctionTable> Tables,
    SourcePosition Position)
{
    /// <summary>The target of several that the call names, or null.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the call could name one.</summary>
    public bool TakesTarget { get; init; }
}
