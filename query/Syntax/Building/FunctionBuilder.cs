using System.Globalization;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds CREATE FUNCTION and CREATE MACRO.</summary>
internal sealed class FunctionBuilder(ExpressionBuilder expressions)
{
    public CreateFunctionStatementSyntax Build(NeuroSql.CreateFunctionContext context)
    {
        NeuroSql.FunctionClauseContext[] clauses = context.functionClause();
        List<string> words = [];
        for (int i = 0; i < clauses.Length; i++)
        {
            // What SETOF stands before reads as a word of its own; rows have the columns that
            // their query gives.
            if (clauses[i].Start.Type is not (NeuroSql.RETURN or NeuroSql.RETURNS or NeuroSql.AS)
                && (i == 0 || !IsSetOf(clauses[i - 1])))
            {
                words.Add(WordOf(clauses[i], words.Count > 0 ? words[^1] : string.Empty));
            }
        }

        bool hasLanguage = words.Contains("LANGUAGE");
        FunctionParameterSyntax[] parameters =
            [.. context.functionParameter().Select((parameter, i) =>
                BuildParameter(parameter, i + 1, hasLanguage))];
        NeuroSql.FunctionClauseContext? returns =
            Only(clauses.Where(static clause => clause.RETURNS() is not null));
        bool isRows = returns?.TABLE() is not null || IsSetOf(returns);
        (ExpressionSyntax? value, QuerySyntax? query) = BuildBody(
            Only(clauses.Where(static clause => clause.RETURNS() is null && IsBody(clause)))
                ?? throw SyntaxErrors.Expected((SqlToken)context.Stop, "RETURN or AS"),
            hasLanguage,
            parameters);
        if (isRows && query is null)
        {
            throw SyntaxErrors.Expected((SqlToken)returns!.Start, "a type");
        }

        if (!isRows && query is not null && hasLanguage)
        {
            value = new SubqueryExpressionSyntax(query) { Position = query.Position };
            query = null;
        }

        return new CreateFunctionStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            context.ifNotExists() is not null,
            parameters,
            value,
            query)
        {
            Type = !isRows && returns?.typeName() is { } type
                ? ExpressionBuilder.BuildType(type)
                : null,
            Columns = [.. (returns?.fileColumn() ?? []).Select(static column =>
                BuilderScope.Identifier(column.name()))],
            IsStrict = words.Contains("STRICT"),
        };
    }

    private static bool IsBody(NeuroSql.FunctionClauseContext clause) =>
        clause.RETURN() is not null || clause.AS() is not null;

    private static bool IsSetOf(NeuroSql.FunctionClauseContext? returns) =>
        returns?.typeName() is { } type
        && ((SqlToken)type.Start).Span.Equals("SETOF", StringComparison.OrdinalIgnoreCase);

    private static NeuroSql.FunctionClauseContext? Only(
        IEnumerable<NeuroSql.FunctionClauseContext> clauses)
    {
        NeuroSql.FunctionClauseContext[] all = [.. clauses];
        return all.Length > 1
            ? throw SyntaxErrors.Expected((SqlToken)all[1].Start, "end of statement")
            : all.FirstOrDefault();
    }

    // What systems say of their functions, and here holds of all or means nothing.
    private static string WordOf(NeuroSql.FunctionClauseContext clause, string before)
    {
        var token = (SqlToken)clause.Start;
        string word = (token.Type == NeuroSql.TEXT_STRING ? token.StringText() : token.NameText())
            .ToUpperInvariant();
        if (before == "LANGUAGE")
        {
            return word == "SQL"
                ? word
                : throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    $"Functions are written in SQL; {word.ToLowerInvariant()} is not read.",
                    token.Position);
        }

        return word switch
        {
            "LANGUAGE" or "IMMUTABLE" or "STABLE" or "VOLATILE" or "STRICT" or "CALLED" or "ON"
                or "NULL" or "INPUT" or "NOT" or "LEAKPROOF" or "PARALLEL" or "SAFE" or "UNSAFE"
                or "RESTRICTED" or "DETERMINISTIC" => word,
            _ => throw SyntaxErrors.Expected(token, "AS, LANGUAGE, RETURN or RETURNS"),
        };
    }

    private FunctionParameterSyntax BuildParameter(
        NeuroSql.FunctionParameterContext context, int number, bool hasLanguage)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        TypeSyntax? type = context.columnType() is { } given
            ? ExpressionBuilder.BuildType(given)
            : null;
        IdentifierSyntax? name = BuilderScope.OptionalIdentifier(context.name());

        // PostgreSQL's parameters have a type and perhaps a name; those of macros have a name.
        if (hasLanguage && type is null)
        {
            type = new TypeSyntax(name!.Name.ToUpperInvariant(), []) { Position = position };
            name = null;
        }

        return new FunctionParameterSyntax(
            name ?? new IdentifierSyntax(Numbered(number), true) { Position = position },
            type,
            expressions.BuildOptional(context.expression()))
        {
            Position = position,
        };
    }

    private static string Numbered(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"${number}");

    private (ExpressionSyntax? Value, QuerySyntax? Query) BuildBody(
        NeuroSql.FunctionClauseContext clause,
        bool hasLanguage,
        IReadOnlyList<FunctionParameterSyntax> parameters)
    {
        if (clause.query() is { } rows)
        {
            return (null, expressions.Queries.Build(rows));
        }

        ExpressionSyntax value = expressions.Build(clause.expression());
        if (clause.AS() is null || !hasLanguage
            || value is not LiteralExpressionSyntax { Kind: LiteralKind.Text } text)
        {
            return (value, null);
        }

        IReadOnlyList<StatementSyntax> statements =
            SqlParser.Parse(Named(text.Text, parameters));
        return statements is [SelectStatementSyntax select]
            ? (null, select.Query)
            : throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "The body of a function is one SELECT, without changes.",
                text.Position);
    }

    /// <summary>The text with the names of parameters in place of their numbers.</summary>
    private static string Named(
        string sql, IReadOnlyList<FunctionParameterSyntax> parameters) => SqlText.Exchange(
        sql,
        token => token.Type == NeuroSql.PARAMETER && token.Span is ['$', ..]
            && int.TryParse(token.Span[1..], CultureInfo.InvariantCulture, out int number)
            && number >= 1 && number <= parameters.Count
                ? SqlText.Quote(parameters[number - 1].Name.Name)
                : null);
}
