namespace NeuroDb.Query;

/// <summary>Binds the query of a view where it is used, by the names of today.</summary>
internal static class ViewBinder
{
    /// <summary>The rows of a view.</summary>
    public static LogicalNode Bind(CatalogObject view, Binder binder, SourcePosition position)
    {
        binder.CountExpansion(position);
        if (!binder.OpenViews.Add(view.Name))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The view {view.Name} is defined by itself.",
                position);
        }

        try
        {
            CreateViewStatementSyntax definition = ViewDefinition.Of(view);
            LogicalNode query =
                new QueryBinder(binder, QueryEnvironment.Empty).Bind(definition.Query);
            return FromBinder.Rename(query, definition.Columns, position);
        }
        catch (NeuroStoreException error) when (error is not ResourceLimitException
            && binder.OpenViews.Count == 1)
        {
            throw new NeuroStoreException(
                error.Code,
                $"The view {view.Name} does not work any more: {error.Message}",
                position,
                error);
        }
        finally
        {
            binder.OpenViews.Remove(view.Name);
        }
    }
}
