using System.Runtime.CompilerServices;

namespace NeuroDb.Query;

/// <summary>The parsed definitions of views, kept as long as the catalog has them.</summary>
internal static class ViewDefinition
{
    private static readonly ConditionalWeakTable<CatalogObject, CreateViewStatementSyntax>
        Known = [];

    /// <summary>The statement that made a view.</summary>
    public static CreateViewStatementSyntax Of(CatalogObject view)
    {
        Invariant.Check(view.Kind == CatalogObjectKind.View);
        return Known.GetValue(
            view, static known => (CreateViewStatementSyntax)SqlParser.Parse(known.Sql)[0]);
    }
}
