using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>COMMENT ON.</summary>
internal sealed class BoundComment(CommentStatementSyntax syntax)
    : BoundDefinition($"Comment on {syntax.Kind.ToLowerInvariant()} {syntax.Name.Text}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        Comments.Put(CommentSubject.Find(syntax, context), syntax.Comment, catalog, context);
    }
}
