using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds column @@ words and text_match(column, words). They need no index; one that the column
/// has says which rows to look at.
/// </summary>
internal static class TextMatchBinder
{
    /// <summary>The name of the function.</summary>
    public const string FunctionName = "text_match";

    /// <summary>Whether a call is one of these.</summary>
    public static bool IsCall(string name, IReadOnlyList<Expression> arguments) =>
        arguments.Count == 2 && name.Equals(FunctionName, StringComparison.OrdinalIgnoreCase);

    /// <summary>The bound condition.</summary>
    public static Expression Bind(
        Expression text, Expression words, Binder binder, SourcePosition position) =>
        TextMatchExpression.Make(text, words, Find(text, binder), position);

    private static TextIndexReference? Find(Expression text, Binder binder)
    {
        if (text is not ColumnExpression column
            || !binder.TryTableOf(column.Id, out TableEntry? table, out int ordinal))
        {
            return null;
        }

        IndexEntry? index = binder.Catalog.IndexesOf(table).FirstOrDefault(it =>
            it.Schema.Kind == IndexKind.Bm25 && it.Schema.Columns[0].Ordinal == ordinal);
        return index is null ? null : new TextIndexReference(table, index);
    }
}
