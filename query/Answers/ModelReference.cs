namespace NeuroDb.Query;

/// <summary>A place in a text of SQL at which a model is named.</summary>
/// <param name="Name">The name of the model.</param>
/// <param name="Version">Which version is meant.</param>
/// <param name="Start">The offset of the name.</param>
/// <param name="NameEnd">The offset behind the name.</param>
/// <param name="End">The offset behind the version; behind the name if there is none.</param>
internal readonly record struct ModelReference(
    string Name, ModelVersionChoice Version, int Start, int NameEnd, int End)
{
    /// <summary>Whether it is no model but an encoder of the program, of which there is one.
    /// </summary>
    public bool IsGiven { get; init; }
}
