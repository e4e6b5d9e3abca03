using NeuroDb.Neural;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds RECOMMEND(MODEL m FOR user EXCLUDE SEEN WHERE condition LIMIT n) in FROM. It stands for
/// the query over ml.recommend and the table of items, so that conditions, indexes and EXPLAIN are
/// those of any query.
/// </summary>
internal sealed class RecommendBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>The name.</summary>
    public const string FunctionName = "recommend";

    private const string Usual = "10";
    private const string Rows = "neuro recommended";

    /// <summary>The rows: the item and its score, best first.</summary>
    public LogicalNode Bind(FunctionCallSyntax call)
    {
        if (call.Arguments is not
            [
                {
                    Name: null,
                    Value: ObjectArgumentSyntax { Kind: ObjectArgumentKind.Model } named,
                },
                { Name: null, Value: var user },
            ])
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "Write RECOMMEND(MODEL m FOR user [EXCLUDE SEEN] [WHERE condition] [LIMIT n]).",
                call.Position);
        }

        BoundModel model = PredictionBinder.Find(named, binder);
        if (model.Info.Task != ModelTask.Recommender)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidModel,
                $"The model {model.Name} is a {ModelBuilds.NameOf(model.Info.Task)}; RECOMMEND is "
                + "for a recommender.",
                call.Position);
        }

        RecommendationSyntax asked =
            call.Recommendation ?? new RecommendationSyntax(false, null, null);
        string? join = asked.Condition is null ? null : JoinOf(model, named.Position);
        QuerySyntax query = Parse(TextOf(model, asked, join));
        var select = (SelectSyntax)query.Body;
        try
        {
            return new QueryBinder(binder, environment).Bind(query with
            {
                Body = WithUser(select, user, asked) with { Where = asked.Condition },
                Limit = asked.Limit ?? query.Limit,
            });
        }
        catch (NeuroStoreException error)
            when (error.Code == ErrorCode.UnknownColumn && asked.Condition is not null
                && join!.Length == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"{error.Message} A condition on items needs their table: train {model.Name} WITH "
                + "(items = 'table').",
                error.Position);
        }
    }

    private static string TextOf(BoundModel model, RecommendationSyntax asked, string? join)
    {
        string rows = SqlText.Quote(Rows);
        string item = SqlText.Quote(model.Info.Target);
        string seen = asked.LeavesSeen ? "true" : "false";
        string most = asked.Condition is null ? $", most => {Usual}" : "";
        return $"SELECT {rows}.{item}, {rows}.score FROM ml.recommend(MODEL "
            + $"{SqlText.Quote(model.Name)}@{model.Info.Number}, who => CAST(NULL AS TEXT), "
            + $"exclude_seen => {seen}{most}) AS {rows} {join} ORDER BY {rows}.place "
            + $"LIMIT {Usual}";
    }

    // The user and the number of rows stand where the text has others.
    private static SelectSyntax WithUser(
        SelectSyntax select, ExpressionSyntax user, RecommendationSyntax asked)
    {
        FunctionTableSyntax Changed(FunctionTableSyntax table) => table with
        {
            Call = table.Call with
            {
                Arguments = [.. table.Call.Arguments.Select(argument => argument.Name?.Name switch
                {
                    "who" => argument with
                    {
                        Value = (CastExpressionSyntax)argument.Value with { Operand = user },
                    },
                    "most" => argument with { Value = asked.Limit ?? argument.Value },
                    _ => argument,
                })],
            },
        };
        return select with
        {
            From = [.. select.From.Select(reference => reference switch
            {
                FunctionTableSyntax table => Changed(table),
                JoinSyntax { Left: FunctionTableSyntax table } join =>
                    join with { Left = Changed(table) },
                _ => reference,
            })],
        };
    }

    /// <summary>The table of items that the model was made with, by its key.</summary>
    private string JoinOf(BoundModel model, SourcePosition position)
    {
        bool isThere = binder.Catalog.TryGetObject(
            CatalogObjectKind.Model, model.Name, out CatalogObject known);
        Invariant.Check(isThere);
        string? items = SqlParser.Parse(ModelDefinitionJson.Of(known).Sql) is
            [CreateModelStatementSyntax create]
                ? create.Definition.Options.Where(static it => it.Name.Name.Equals(
                        "items", StringComparison.OrdinalIgnoreCase))
                    .Select(static it => ModelOptions.TextOf(it.Value, "items", it.Position))
                    .FirstOrDefault()
                : null;
        if (items is null)
        {
            return "";
        }

        if (!binder.Catalog.TryGetTable(items, out TableEntry table))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownTable,
                $"There is no table {items} any more, which {model.Name} takes for its items.",
                position);
        }

        string key = KeyOf(table.Schema, model, position);
        return $"JOIN {SqlText.Quote(items)} ON {SqlText.Quote(items)}.{SqlText.Quote(key)} = "
            + $"{SqlText.Quote(Rows)}.{SqlText.Quote(model.Info.Target)}";
    }

    private static string KeyOf(
        TableSchema schema, BoundModel model, SourcePosition position)
    {
        KeySchema? key = schema.Keys.FirstOrDefault(static it => it.IsPrimary);
        return schema.Columns.FirstOrDefault(it => !it.IsUnseen && it.Name.Equals(
                model.Info.Target, StringComparison.OrdinalIgnoreCase))?.Name
            ?? (key is { Ordinals: [var ordinal] } ? schema.Columns[ordinal].Name
                : throw new NeuroStoreException(
                    ErrorCode.UnknownColumn,
                    $"The table {schema.Name} has no column {model.Info.Target} and no primary "
                    + "key of one column, by which items would be found.",
                    position));
    }

    private static QuerySyntax Parse(string sql) =>
        ((SelectStatementSyntax)SqlParser.Parse(sql)[0]).Query;
}
