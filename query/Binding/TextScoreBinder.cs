using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds bm25(column, words): the column must have a text index.</summary>
internal static class TextScoreBinder
{
    /// <summary>The name of the function.</summary>
    public const string FunctionName = "bm25";

    /// <summary>The bound call.</summary>
    public static TextScoreExpression Bind(
        IReadOnlyList<Expression> arguments, Binder binder, SourcePosition position)
    {
        if (arguments.Count != 2)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"bm25 takes 2 arguments, a column and the words, not {arguments.Count}.",
                position);
        }

        var call = new FunctionCall(FunctionName, arguments, position);
        if (arguments[0] is not ColumnExpression column
            || !binder.TryTableOf(column.Id, out TableEntry? table, out int ordinal))
        {
            throw call.Mismatch(0, "a column of a table");
        }

        foreach (IndexEntry index in binder.Catalog.IndexesOf(table))
        {
            if (index.Schema.Kind == IndexKind.Bm25 && index.Schema.Columns[0].Ordinal == ordinal)
            {
                return new TextScoreExpression(table, index, column, call.Text(1), position);
            }
        }

        throw new NeuroStoreException(
            ErrorCode.UnknownIndex,
            $"bm25 needs a text index on {table.Schema.Name}.{column.Name}; make one with CREATE "
            + $"INDEX ON {table.Schema.Name} USING bm25 ({column.Name}).",
            position);
    }
}
