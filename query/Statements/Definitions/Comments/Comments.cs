using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Comments on what the catalog has: objects of the catalog that are named after their subjects, go
/// with them and take their new names.
/// </summary>
internal static class Comments
{
    /// <summary>The rows of neuro.comments.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("kind", DataType.Text), ("object_schema", DataType.Text), ("object_name", DataType.Text),
        ("column_name", DataType.Text), ("comment", DataType.Text),
    ];

    /// <summary>Puts a comment in the place of the one before; null removes it.</summary>
    public static void Put(
        CommentSubject subject, string? comment, CatalogView catalog, ExecutionContext context)
    {
        if (subject.Name.Length > Limits.NameLengthMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The names of what a comment is on may have {Limits.NameLengthMax} characters "
                + "together; give it a shorter one.");
        }

        bool isKnown = catalog.TryGetObject(
            CatalogObjectKind.Comment, subject.Name, out CatalogObject known);
        if (!string.IsNullOrEmpty(comment))
        {
            context.Transaction.PutObject(
                new CatalogObject(CatalogObjectKind.Comment, subject.Name, comment));
        }
        else if (isKnown)
        {
            context.Transaction.DropObject(known);
        }
    }

    /// <summary>Drops the comments on what is gone.</summary>
    public static void Prune(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        foreach (CatalogObject comment in AllOf(catalog))
        {
            if (!CommentSubject.Of(comment).IsIn(catalog))
            {
                context.Transaction.DropObject(comment);
            }
        }
    }

    /// <summary>Gives comments the new name of their subject; of a table, with its columns.
    /// </summary>
    /// <param name="kind">The kind of the subject.</param>
    /// <param name="old">What it was called in the catalog.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="context">The execution.</param>
    public static void Rename(string kind, string old, string name, ExecutionContext context) =>
        Rename(
            subject => Dependencies.IsNamed(subject.Key, old)
                && (subject.Kind == kind || subject.Kind == "column" && kind is "table" or "view"),
            subject => subject with { Key = name },
            context);

    /// <summary>Gives the comment on a column its new name.</summary>
    public static void RenameColumn(
        string table, string old, string name, ExecutionContext context) => Rename(
            subject => subject.Kind == "column" && Dependencies.IsNamed(subject.Key, table)
                && Dependencies.IsNamed(subject.Column!, old),
            subject => subject with { Column = name },
            context);

    /// <summary>The rows of neuro.comments.</summary>
    public static IEnumerable<Value[]> Rows(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        return AllOf(catalog)
            .Select(static comment => (Subject: CommentSubject.Of(comment), Text: comment.Sql))
            .Where(comment => comment.Subject.IsIn(catalog))
            .OrderBy(static comment => comment.Subject.Key, StringComparer.OrdinalIgnoreCase)
            .ThenBy(static comment => comment.Subject.Kind, StringComparer.Ordinal)
            .ThenBy(static comment => comment.Subject.Column, StringComparer.OrdinalIgnoreCase)
            .Select(static comment => new[]
            {
                Value.Of(comment.Subject.Kind),
                Value.Of("main"),
                Value.Of(comment.Subject.Key),
                comment.Subject.Column is { } column ? Value.Of(column) : Value.Null,
                Value.Of(comment.Text),
            });
    }

    private static CatalogObject[] AllOf(CatalogView catalog) =>
        [.. catalog.Objects.Where(static value => value.Kind == CatalogObjectKind.Comment)];

    private static void Rename(
        Func<CommentSubject, bool> isMeant,
        Func<CommentSubject, CommentSubject> renamed,
        ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        foreach (CatalogObject comment in AllOf(catalog))
        {
            CommentSubject subject = CommentSubject.Of(comment);
            if (isMeant(subject))
            {
                context.Transaction.DropObject(comment);
                Put(renamed(subject), comment.Sql, context.Transaction.Catalog, context);
            }
        }
    }
}
