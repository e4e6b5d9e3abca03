namespace NeuroDb.Query;

/// <summary>DROP MODEL.</summary>
/// <param name="Names">The names; one if versions are dropped.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="Version">The n of VERSION n, or 0.</param>
/// <param name="BeforeVersion">The n of VERSIONS BEFORE n, or 0.</param>
internal sealed record DropModelStatementSyntax(
    IReadOnlyList<NameSyntax> Names, bool IfExists, int Version, int BeforeVersion)
    : StatementSyntax;
