namespace NeuroDb.Query;

/// <summary>
/// An argument that names an object: <c>MODEL m@2</c>, <c>TABLE t</c>, <c>INDEX i</c>, or a model
/// with a version and no word before it.
/// </summary>
/// <param name="Kind">The kind of the object.</param>
/// <param name="Name">The name.</param>
/// <param name="Version">The version of a model; the live one of what has none.</param>
internal sealed record ObjectArgumentSyntax(
    ObjectArgumentKind Kind,
    NameSyntax Name,
    ModelVersionChoice Version) : ExpressionSyntax;
