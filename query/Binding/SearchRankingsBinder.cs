using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds search_rankings(TABLE t, TABLE questions, k =&gt; 10): what each search of a table finds
/// for each question, as rows (search, query, place, item, score), which
/// <see cref="SearchJudging"/> judges. It stands for a query over bm25, semantic_search and
/// hybrid_search, whichever the table has; questions have the columns query and text.
/// </summary>
internal sealed class SearchRankingsBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>The name of the function.</summary>
    public const string FunctionName = "search_rankings";

    private const string Asked = "\"neuro asked\"";
    private static readonly string[] Known = ["k", "text_column", "vector_column"];

    /// <summary>The rows.</summary>
    public LogicalNode Bind(FunctionCallSyntax call)
    {
        if (call.Arguments is not
            [
                {
                    Name: null,
                    Value: ObjectArgumentSyntax { Kind: ObjectArgumentKind.Table } searched,
                },
                {
                    Name: null,
                    Value: ObjectArgumentSyntax { Kind: ObjectArgumentKind.Table } questions,
                },
                ..,
            ])
        {
            throw Wrong("the first arguments are TABLE t and TABLE questions", call.Position);
        }

        Dictionary<string, LiteralExpressionSyntax> given = Read(call);
        TableEntry table = binder.BindTable(searched.Name);
        if (table.Schema.Keys.FirstOrDefault(static it => it.IsPrimary)
            is not { Ordinals: [int only] })
        {
            throw Wrong(
                $"{table.Schema.Name} has no primary key of one column, by which items are known",
                call.Position);
        }

        string key = SqlText.Quote(table.Schema.Columns[only].Name);
        string asked = string.Join('.', questions.Name.Parts.Select(
            static part => SqlText.Quote(part.Name)));
        CheckQuestions(asked, questions.Position);
        string sql = string.Join(" UNION ALL ", Searches(table, key, given, call.Position).Select(
            search => $"SELECT '{search.Name}' AS search, {Asked}.query AS query, row_number() "
                + $"OVER (PARTITION BY {Asked}.query ORDER BY r.score DESC, r.item) AS place, "
                + $"r.item AS item, r.score::DOUBLE PRECISION AS score FROM {asked} AS {Asked}, "
                + $"LATERAL ({search.Sql}) AS r"));
        return BindQuery(sql);
    }

    private LogicalNode BindQuery(string sql) => new QueryBinder(binder, environment).Bind(
        ((SelectStatementSyntax)SqlParser.Parse(sql)[0]).Query);

    // Before they stand in a query of ours, whose names nobody wrote.
    private void CheckQuestions(string asked, SourcePosition position)
    {
        IReadOnlyList<OutputColumn> columns = BindQuery($"SELECT * FROM {asked}").Output;
        foreach (string name in (string[])["query", "text"])
        {
            if (!columns.Any(it => it.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Wrong(
                    $"questions have the columns query (a key) and text, and {asked} has no {name}",
                    position);
            }
        }
    }

    private List<(string Name, string Sql)> Searches(
        TableEntry table,
        string key,
        Dictionary<string, LiteralExpressionSyntax> given,
        SourcePosition position)
    {
        string name = SqlText.Quote(table.Schema.Name);
        string k = given.GetValueOrDefault("k")?.Text ?? "10";
        string words = given.GetValueOrDefault("text_column")?.Text ?? WordsOf(table);
        (string vectors, string model) = VectorsOf(table, given);
        var searches = new List<(string Name, string Sql)>();
        if (words.Length > 0)
        {
            string measure = $"bm25({SqlText.Quote(words)}, {Asked}.text)";
            searches.Add((
                "bm25",
                $"SELECT * FROM (SELECT {key} AS item, {measure} AS score FROM {name} ORDER BY "
                + $"{measure} DESC LIMIT {k}) AS w WHERE score > 0"));
        }

        if (vectors.Length > 0)
        {
            searches.Add((
                "semantic",
                $"SELECT {key} AS item, score FROM semantic_search(TABLE {name}, {Asked}.text, "
                + $"{k}, vector_column => {SqlText.Literal(vectors)})"));
        }

        if (searches.Count == 2)
        {
            searches.Add((
                "hybrid",
                $"SELECT {key} AS item, score FROM hybrid_search(TABLE {name}, text => "
                + $"{Asked}.text, vector => embed({model}, {Asked}.text), k => {k}, text_column "
                + $"=> {SqlText.Literal(words)}, vector_column => {SqlText.Literal(vectors)})"));
        }

        return searches.Count > 0 ? searches : throw Wrong(
            $"{table.Schema.Name} has neither one column with a text index nor one of vectors that "
            + "embed generates; say text_column => 'name' or vector_column => 'name' where there "
            + "are several",
            position);
    }

    private string WordsOf(TableEntry table)
    {
        string[] names =
        [
            .. binder.Catalog.IndexesOf(table)
                .Where(static index => index.Schema.Kind == IndexKind.Bm25)
                .Select(index => table.Schema.Columns[index.Schema.Columns[0].Ordinal].Name)
                .Distinct(),
        ];
        return names.Length == 1 ? names[0] : "";
    }

    private static (string Column, string Model) VectorsOf(
        TableEntry table, Dictionary<string, LiteralExpressionSyntax> given)
    {
        string asked = given.GetValueOrDefault("vector_column")?.Text ?? "";
        (string Column, string Model)[] found =
        [
            .. SemanticSearchBinder.Generated(table.Schema).Where(it => asked.Length == 0
                || it.Column.Equals(asked, StringComparison.OrdinalIgnoreCase)),
        ];
        return found.Length == 1 ? found[0] : (asked, "");
    }

    private static Dictionary<string, LiteralExpressionSyntax> Read(FunctionCallSyntax call)
    {
        var given = new Dictionary<string, LiteralExpressionSyntax>(
            StringComparer.OrdinalIgnoreCase);
        foreach (FunctionArgumentSyntax argument in call.Arguments.Skip(2))
        {
            string word = argument.Name?.Name ?? Known[0];
            LiteralKind kind = word.Equals(Known[0], StringComparison.OrdinalIgnoreCase)
                ? LiteralKind.Integer : LiteralKind.Text;
            bool isRight = Known.Contains(word, StringComparer.OrdinalIgnoreCase)
                && argument.Value is LiteralExpressionSyntax literal && literal.Kind == kind
                && given.TryAdd(word, literal);
            if (!isRight)
            {
                throw Wrong(
                    $"behind the tables it takes {string.Join(", ", Known)} by name, each once: a "
                    + "whole number and texts in quotes",
                    argument.Position);
            }
        }

        return given;
    }

    private static NeuroStoreException Wrong(string what, SourcePosition position) => new(
        ErrorCode.TypeMismatch,
        $"search_rankings(TABLE t, TABLE questions, k => 10): {what}.",
        position);
}
