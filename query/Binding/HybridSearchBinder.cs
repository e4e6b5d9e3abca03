using System.Globalization;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds hybrid_search(TABLE t, text =&gt; q, vector =&gt; v, ...): the best rows by words and the
/// best by vector, each found by its own index, joined into one order. It stands for a query over
/// both, so that transactions, indexes and EXPLAIN are those of any query. "rrf" adds
/// 1 / (k0 + place) (Cormack, Clarke and Buettcher, SIGIR 2009); "linear" adds the scores, each
/// brought to 0..1 among what its index found.
/// </summary>
internal sealed class HybridSearchBinder(Binder binder, QueryEnvironment environment)
{
    /// <summary>The name of the function.</summary>
    public const string FunctionName = "hybrid_search";

    private const string Words = "neuro words";
    private const string Near = "neuro near";
    private const int CandidateCount = 100;
    private static readonly string[] Known =
    [
        "text", "vector", "k", "method", "k0", "weight", "candidates", "text_column",
        "vector_column",
    ];

    /// <summary>The rows: the columns of the table and a last one, score.</summary>
    public LogicalNode Bind(FunctionCallSyntax call)
    {
        (TableEntry table, Dictionary<string, ExpressionSyntax> given) = Read(call);
        if (!given.ContainsKey("text") && !given.ContainsKey("vector"))
        {
            throw Wrong("hybrid_search needs text => words, vector => v, or both", call.Position);
        }

        KeySchema key = table.Schema.Keys.FirstOrDefault(static it => it.IsPrimary)
            ?? throw Wrong(
                $"hybrid_search needs a table with a primary key, and {table.Schema.Name} has "
                + "none", call.Position);
        string[] keys = [.. key.Ordinals.Select(
            ordinal => SqlText.Quote(table.Schema.Columns[ordinal].Name))];
        var legs = new List<CommonTableSyntax>();
        if (given.TryGetValue("text", out ExpressionSyntax? words))
        {
            legs.Add(Leg(Words, WordsQuery(table, keys, words, given, call.Position)));
        }

        if (given.TryGetValue("vector", out ExpressionSyntax? vector))
        {
            legs.Add(Leg(Near, NearQuery(table, keys, vector, given, call.Position)));
        }

        QuerySyntax query = Parse(Joined(table, keys, legs, given, call.Position)) with
        {
            With = legs,
            Limit = given.GetValueOrDefault("k") ?? Whole(10),
        };
        return new QueryBinder(binder, environment).Bind(query);
    }

    private (TableEntry Table, Dictionary<string, ExpressionSyntax> Given) Read(
        FunctionCallSyntax call)
    {
        if (call.Arguments is not
            [
                {
                    Name: null,
                    Value: ObjectArgumentSyntax { Kind: ObjectArgumentKind.Table } name,
                },
                ..,
            ])
        {
            throw Wrong("the first argument of hybrid_search is TABLE and its name", call.Position);
        }

        var given = new Dictionary<string, ExpressionSyntax>(StringComparer.OrdinalIgnoreCase);
        var outside = new ExpressionBinder(
            binder, new Scope(environment), "an argument of hybrid_search");
        foreach (FunctionArgumentSyntax argument in call.Arguments.Skip(1))
        {
            string word = argument.Name?.Name ?? string.Empty;
            if (!Known.Contains(word, StringComparer.OrdinalIgnoreCase)
                || !given.TryAdd(word, argument.Value))
            {
                throw Wrong(
                    $"hybrid_search takes {string.Join(", ", Known)} by name, each once",
                    argument.Position);
            }

            // They are used inside queries over the table, whose columns they must not mean.
            outside.Bind(argument.Value);
        }

        return (binder.BindTable(name.Name), given);
    }

    private QuerySyntax WordsQuery(
        TableEntry table,
        string[] keys,
        ExpressionSyntax words,
        Dictionary<string, ExpressionSyntax> given,
        SourcePosition position)
    {
        string column = ColumnOf(
            table,
            "text_column",
            given,
            [.. IndexesOf(table, IndexKind.Bm25).Select(index => NameOf(table, index))],
            "a text index",
            position);
        QuerySyntax query = Parse(
            $"SELECT {string.Join(", ", keys)}, bm25({column}, '') AS s FROM "
            + $"{SqlText.Quote(table.Schema.Name)} ORDER BY bm25({column}, '') LIMIT 1");
        var call = (FunctionCallSyntax)query.OrderBy[0].Expression;
        return WithMeasure(query, given, call with
        {
            Arguments = [call.Arguments[0], call.Arguments[1] with { Value = words }],
            Position = position,
        });
    }

    private QuerySyntax NearQuery(
        TableEntry table,
        string[] keys,
        ExpressionSyntax vector,
        Dictionary<string, ExpressionSyntax> given,
        SourcePosition position)
    {
        string column = ColumnOf(
            table,
            "vector_column",
            given,
            [.. table.Schema.Columns
                .Where(static it => !it.IsUnseen
                    && it.Type.Kind is TypeKind.Vector or TypeKind.HalfVector)
                .Select(static it => SqlText.Quote(it.Name))],
            "a vector",
            position);
        IndexEntry? index = IndexesOf(table, IndexKind.Vector)
            .FirstOrDefault(it => NameOf(table, it) == column);
        string distance = index is null
            ? "<=>"
            : VectorIndexOptions.Of(index.Schema).Metric switch
            {
                Metric.L2 => "<->",
                Metric.InnerProduct => "<#>",
                _ => "<=>",
            };
        QuerySyntax query = Parse(
            $"SELECT {string.Join(", ", keys)}, {column} {distance} '' AS s FROM "
            + $"{SqlText.Quote(table.Schema.Name)} ORDER BY {column} {distance} '' LIMIT 1");
        var measure = (BinaryExpressionSyntax)query.OrderBy[0].Expression;
        return WithMeasure(query, given, measure with { Right = vector, Position = position });
    }

    // The template's measure is in the last item and in the order.
    private static QuerySyntax WithMeasure(
        QuerySyntax query, Dictionary<string, ExpressionSyntax> given, ExpressionSyntax measure)
    {
        var select = (SelectSyntax)query.Body;
        var last = (ExpressionItemSyntax)select.Items[^1];
        return query with
        {
            Body = select with
            {
                Items = [.. select.Items.SkipLast(1), last with { Expression = measure }],
            },
            OrderBy = [query.OrderBy[0] with { Expression = measure }],
            Limit = given.GetValueOrDefault("candidates") ?? Whole(CandidateCount),
        };
    }

    private static string Joined(
        TableEntry table,
        string[] keys,
        List<CommonTableSyntax> legs,
        Dictionary<string, ExpressionSyntax> given,
        SourcePosition position)
    {
        string list = string.Join(", ", keys);
        string method = Literal("method", given, LiteralKind.Text, "rrf", position);
        var parts = legs.Select(leg =>
        {
            bool isWords = leg.Name.Name == Words;
            return $"SELECT {list}, {Part(method, isWords, list, given, position)} AS part FROM "
                + $"\"{leg.Name.Name}\" WHERE " + (isWords ? "s > 0" : "s IS NOT NULL");
        });
        string table1 = SqlText.Quote(table.Schema.Name);
        return $"SELECT {table1}.*, found.score FROM (SELECT {list}, sum(part) AS score FROM "
            + $"({string.Join(" UNION ALL ", parts)}) AS parts GROUP BY {list}) AS found JOIN "
            + $"{table1} USING ({list}) ORDER BY found.score DESC, {list}";
    }

    private static string Part(
        string method,
        bool isWords,
        string keys,
        Dictionary<string, ExpressionSyntax> given,
        SourcePosition position)
    {
        string direction = isWords ? "DESC" : "ASC";
        if (method.Equals("rrf", StringComparison.OrdinalIgnoreCase))
        {
            double k0 = Number("k0", given, 60, position);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"1e0 / ({k0} + row_number() OVER (ORDER BY s {direction}, {keys}))");
        }

        if (!method.Equals("linear", StringComparison.OrdinalIgnoreCase))
        {
            throw Wrong(
                $"the method of hybrid_search is 'rrf' or 'linear', not '{method}'", position);
        }

        double weight = Number("weight", given, 0.5, position);
        double share = isWords ? weight : 1 - weight;
        string from = isWords ? "s - min(s) OVER ()" : "max(s) OVER () - s";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{share} * coalesce(({from}) / nullif(max(s) OVER () - min(s) OVER (), 0), 1e0)");
    }

    private static string ColumnOf(
        TableEntry table,
        string word,
        Dictionary<string, ExpressionSyntax> given,
        string[] candidates,
        string what,
        SourcePosition position)
    {
        string asked = Literal(word, given, LiteralKind.Text, string.Empty, position);
        string[] fitting = asked.Length == 0
            ? candidates
            : [.. candidates.Where(name => name.Equals(
                SqlText.Quote(asked), StringComparison.OrdinalIgnoreCase))];
        return fitting.Length == 1
            ? fitting[0]
            : throw Wrong(
                asked.Length > 0
                    ? $"{table.Schema.Name}.{asked} is no column with {what}"
                    : $"{table.Schema.Name} has {candidates.Length} columns with {what}; say "
                        + $"{word} => 'name'",
                position);
    }

    private IEnumerable<IndexEntry> IndexesOf(TableEntry table, IndexKind kind) =>
        binder.Catalog.IndexesOf(table).Where(index => index.Schema.Kind == kind);

    private static string NameOf(TableEntry table, IndexEntry index) =>
        SqlText.Quote(table.Schema.Columns[index.Schema.Columns[0].Ordinal].Name);

    private static double Number(
        string word,
        Dictionary<string, ExpressionSyntax> given,
        double otherwise,
        SourcePosition position)
    {
        if (!given.TryGetValue(word, out ExpressionSyntax? value))
        {
            return otherwise;
        }

        return value is LiteralExpressionSyntax literal
            && double.TryParse(
                literal.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= 0
            ? number
            : throw Wrong($"{word} of hybrid_search is a number of at least 0", position);
    }

    private static string Literal(
        string word,
        Dictionary<string, ExpressionSyntax> given,
        LiteralKind kind,
        string otherwise,
        SourcePosition position) =>
        !given.TryGetValue(word, out ExpressionSyntax? value) ? otherwise
        : value is LiteralExpressionSyntax literal && literal.Kind == kind ? literal.Text
        : throw Wrong($"{word} of hybrid_search is a text in quotes", position);

    private static CommonTableSyntax Leg(string name, QuerySyntax query) =>
        new(new IdentifierSyntax(name, true), [], query);

    private static LiteralExpressionSyntax Whole(int number) => new(
        LiteralKind.Integer, number.ToString(CultureInfo.InvariantCulture));

    private static QuerySyntax Parse(string sql) =>
        ((SelectStatementSyntax)SqlParser.Parse(sql)[0]).Query;

    private static NeuroStoreException Wrong(string what, SourcePosition position) =>
        new(ErrorCode.TypeMismatch, what + ".", position);
}
