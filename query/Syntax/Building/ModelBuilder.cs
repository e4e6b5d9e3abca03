using System.Globalization;
using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the statements of models.</summary>
internal sealed class ModelBuilder(
    BuilderScope scope, ExpressionBuilder expressions, DefinitionBuilder definitions)
{
    /// <summary>CREATE MODEL.</summary>
    public CreateModelStatementSyntax BuildCreate(NeuroSql.CreateModelContext context)
    {
        ModelDefinitionSyntax definition =
            new ModelClauseBuilder(expressions, definitions).Build(context.modelClause());
        return new CreateModelStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            context.ifNotExists() is not null,
            definition,
            expressions.Queries.Build(context.query()),
            scope.TextOf(context.query()));
    }

    /// <summary>CREATE EXTERNAL MODEL.</summary>
    public static CreateExternalModelStatementSyntax BuildExternal(
        NeuroSql.CreateExternalContext context)
    {
        SqlToken[] words = [.. context.IDENTIFIER().Select(BuilderScope.TokenOf)];
        if (!Is(words[0], "EXTERNAL"))
        {
            throw SyntaxErrors.Expected(words[0], "EXTERNAL MODEL");
        }

        if (!Is(words[1], "LOCATION"))
        {
            throw SyntaxErrors.Expected(words[1], "LOCATION and a text");
        }

        return new CreateExternalModelStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            context.ifNotExists() is not null,
            BuilderScope.Identifier(context.name()),
            ModelFileBuilder.BuildClauses(context.fileClause()),
            ExpressionBuilder.BuildConstant(
                (SqlToken)(context.TEXT_STRING() ?? context.PARAMETER()).Symbol));
    }

    /// <summary>RETRAIN, TUNE, EVALUATE, EXPORT and IMPORT.</summary>
    public StatementSyntax Build(NeuroSql.ModelStatementContext context) =>
        context.Start.Type switch
        {
            NeuroSql.RETRAIN => BuildRetrain(context),
            NeuroSql.TUNE => BuildTune(context),
            NeuroSql.EVALUATE => new EvaluateModelStatementSyntax(
                BuildName(context.modelName()),
                BuilderScope.OptionalIdentifier(context.name()),
                context.query() is { } query ? expressions.Queries.Build(query) : null)
            {
                Attack = context.attack() is { } attack ? BuildAttack(attack) : null,
            },
            NeuroSql.EXPORT => BuildExport(context),
            _ => new ImportModelStatementSyntax(
                BuilderScope.Name(context.qualifiedName()),
                ModelFileBuilder.BuildFile(context),
                ModelFileBuilder.BuildClauses(context.fileClause())),
        };

    /// <summary>EXPLAIN PREDICTION.</summary>
    public ExplainPredictionStatementSyntax BuildExplain(
        NeuroSql.ExplainPredictionContext context)
    {
        IdentifierSyntax? method = null;
        int top = 0;
        for (int i = 0; i < context.ChildCount; i++)
        {
            if (BuilderScope.TypeOf(context.GetChild(i)) != NeuroSql.IDENTIFIER)
            {
                continue;
            }

            SqlToken word = BuilderScope.TokenOf(context.GetChild(i));
            IParseTree value = context.GetChild(i + 1);
            if (Is(word, "METHOD") && value is NeuroSql.NameContext name && method is null)
            {
                method = BuilderScope.Identifier(name);
            }
            else if (Is(word, "TOP") && value is ITerminalNode number && top == 0)
            {
                top = Whole((SqlToken)number.Symbol);
            }
            else
            {
                throw SyntaxErrors.Expected(word, "METHOD and a name, or TOP and a number");
            }
        }

        return new ExplainPredictionStatementSyntax(
            BuildName(context.modelName()),
            expressions.Queries.BuildItems(context.selectItem()),
            method,
            top);
    }

    /// <summary>ALTER MODEL.</summary>
    public AlterModelStatementSyntax BuildAlter(NeuroSql.AlterModelContext context)
    {
        var alter = new AlterModelStatementSyntax(
            BuilderScope.Name(context.qualifiedName()), context.EXISTS() is not null);
        NeuroSql.NameContext[] names = context.name();
        if (context.RENAME() is not null)
        {
            return alter with { NewName = BuilderScope.Identifier(names[0]) };
        }

        if (context.IDENTIFIER() is { } word)
        {
            SqlToken token = BuilderScope.TokenOf(word);
            bool isBehindTo = context.TO() is not null;
            return Is(token, "QUANTIZE") && !isBehindTo
                ? alter with { Quantization = BuilderScope.Identifier(names[0]) }
                : Is(token, "OWNER") && isBehindTo
                ? alter with { Owner = BuilderScope.Identifier(names[0]) }
                : throw SyntaxErrors.Expected(token, "SET, RENAME TO, QUANTIZE or OWNER TO");
        }

        if (context.INTEGER_NUMBER() is { } number)
        {
            Require(names[0], "LIVE");
            Require(names[1], "VERSION");
            return alter with { LiveVersion = Whole(BuilderScope.TokenOf(number)) };
        }

        return alter with { Policies = definitions.BuildOptions(context.option()) };
    }

    /// <summary>DROP MODEL.</summary>
    public static DropModelStatementSyntax BuildDrop(NeuroSql.DropModelContext context)
    {
        IReadOnlyList<NameSyntax> names = [.. context.qualifiedName().Select(BuilderScope.Name)];
        bool isBefore = context.BEFORE() is not null;
        int version = 0;
        if (context.INTEGER_NUMBER() is { } number)
        {
            Require(context.name(), isBefore ? "VERSIONS" : "VERSION");
            version = Whole(BuilderScope.TokenOf(number));
            if (names.Count > 1)
            {
                throw SyntaxErrors.At(
                    BuilderScope.PositionOf(context.name()),
                    "versions are dropped of one model at a time");
            }
        }

        return new DropModelStatementSyntax(
            names,
            context.EXISTS() is not null,
            isBefore ? 0 : version,
            isBefore ? version : 0);
    }

    /// <summary>The name of a model, and its version.</summary>
    public static ModelNameSyntax BuildName(NeuroSql.ModelNameContext context) => new(
        BuilderScope.Name(context.qualifiedName()),
        context.MODEL_VERSION() is { } version
            ? VersionOf(BuilderScope.TokenOf(version))
            : ModelVersionChoice.Live)
    {
        Position = BuilderScope.PositionOf(context),
    };

    /// <summary>The version that a token such as @2 names.</summary>
    public static ModelVersionChoice VersionOf(SqlToken token)
    {
        string word = token.Text[1..];
        if (word.Equals("live", StringComparison.OrdinalIgnoreCase))
        {
            return ModelVersionChoice.Live;
        }

        if (word.Equals("latest", StringComparison.OrdinalIgnoreCase))
        {
            return new ModelVersionChoice(0, IsLatest: true);
        }

        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number > 0
            ? ModelVersionChoice.Of(number)
            : throw SyntaxErrors.Expected(token, "a version such as @2, @live or @latest");
    }

    /// <summary>Whether a token is a word.</summary>
    internal static bool Is(SqlToken token, string word) =>
        !token.IsQuotedName && token.Span.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>The whole number of a token, from 1.</summary>
    internal static int Whole(SqlToken token) =>
        int.TryParse(token.Span, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number > 0
            ? number
            : throw SyntaxErrors.Expected(token, "a whole number from 1");

    private static void Require(NeuroSql.NameContext name, string word)
    {
        var token = (SqlToken)name.Start;
        if (!Is(token, word))
        {
            throw SyntaxErrors.Expected(token, word);
        }
    }

    private RetrainModelStatementSyntax BuildRetrain(NeuroSql.ModelStatementContext context)
    {
        var retrain = new RetrainModelStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            OptionsOf(context.retrainClause().Select(static clause => clause.modelOptions())),
            context.query() is { } query ? expressions.Queries.Build(query) : null,
            context.query() is { } text ? scope.TextOf(text) : null);
        foreach (NeuroSql.RetrainClauseContext clause in context.retrainClause())
        {
            if (clause.IDENTIFIER() is { } word)
            {
                retrain = With(retrain, clause, BuilderScope.TokenOf(word));
            }
        }

        return retrain;
    }

    private static RetrainModelStatementSyntax With(
        RetrainModelStatementSyntax retrain, NeuroSql.RetrainClauseContext clause, SqlToken word)
    {
        ITerminalNode[] numbers = clause.INTEGER_NUMBER();
        if (Is(word, "WARM") && clause.START() is not null)
        {
            return retrain with { IsWarmStart = true };
        }

        if (Is(word, "KEEP") && clause.ChildCount == 1)
        {
            return retrain with { IsKept = true };
        }

        if (!Is(word, "FREEZE") || numbers.Length == 0)
        {
            throw SyntaxErrors.Expected(
                word, "WARM START, FREEZE 1, FREEZE 1 TO 3, KEEP, WITH or AS");
        }

        int first = Whole(BuilderScope.TokenOf(numbers[0]));
        int last = Whole(BuilderScope.TokenOf(numbers[^1]));
        return last >= first
            ? retrain with { FreezeFirst = first, FreezeLast = last }
            : throw SyntaxErrors.Expected(
                BuilderScope.TokenOf(numbers[^1]), $"a layer from {first} on");
    }

    private TuneModelStatementSyntax BuildTune(NeuroSql.ModelStatementContext context)
    {
        var tune = new TuneModelStatementSyntax(
            BuilderScope.Name(context.qualifiedName()), null, [], 0, null)
        {
            Options = OptionsOf(context.tuneClause().Select(static clause =>
                clause.modelOptions())),
            Query = context.query() is { } query ? expressions.Queries.Build(query) : null,
            QueryText = context.query() is { } text ? scope.TextOf(text) : null,
        };
        foreach (NeuroSql.TuneClauseContext clause in context.tuneClause())
        {
            tune = clause.WITHIN() is not null ? WithLimit(tune, clause)
                : clause.IDENTIFIER() is { } word
                    ? With(tune, clause, BuilderScope.TokenOf(word))
                    : tune;
        }

        return tune;
    }

    private static TuneModelStatementSyntax WithLimit(
        TuneModelStatementSyntax tune, NeuroSql.TuneClauseContext clause)
    {
        int number = Whole(BuilderScope.TokenOf(clause.INTEGER_NUMBER()));
        var unit = (SqlToken)clause.name().Start;
        return tune with
        {
            Seconds = unit.Text.ToUpperInvariant() switch
            {
                "SECOND" or "SECONDS" => number,
                "MINUTE" or "MINUTES" => 60.0 * number,
                "HOUR" or "HOURS" => 3600.0 * number,
                _ => throw SyntaxErrors.Expected(unit, "SECONDS, MINUTES or HOURS"),
            },
        };
    }

    private TuneModelStatementSyntax With(
        TuneModelStatementSyntax tune, NeuroSql.TuneClauseContext clause, SqlToken word)
    {
        IReadOnlyList<TuneParameterSyntax> parameters =
        [
            .. clause.tuneItem().Select(item => new TuneParameterSyntax(
                BuilderScope.Identifier(item.name()), expressions.BuildAll(item.expression()))
            {
                Position = BuilderScope.PositionOf(item),
            }),
        ];
        if (Is(word, "SEARCH") && tune.Search is null)
        {
            return tune with
            {
                Search = BuilderScope.Identifier(clause.name()),
                Parameters = parameters,
            };
        }

        return Is(word, "METRIC") && tune.Metric is null && parameters.Count == 0
            ? tune with { Metric = BuilderScope.Identifier(clause.name()) }
            : throw SyntaxErrors.Expected(word, "SEARCH, WITHIN, METRIC or WITH");
    }

    private IReadOnlyList<OptionSyntax> OptionsOf(
        IEnumerable<NeuroSql.ModelOptionsContext?> contexts) =>
        [.. contexts.Where(static it => it is not null)
            .SelectMany(it => definitions.BuildOptions(it!.option()))];

    private static ExportModelStatementSyntax BuildExport(NeuroSql.ModelStatementContext context)
    {
        ModelFileSyntax clauses = ModelFileBuilder.BuildClauses(context.fileClause());
        return clauses.Inputs.Count + clauses.Outputs.Count == 0
            ? new ExportModelStatementSyntax(
                BuildName(context.modelName()), ModelFileBuilder.BuildFile(context), clauses)
            : throw SyntaxErrors.At(
                BuilderScope.PositionOf(context.fileClause(0)),
                "INPUT and OUTPUT name the columns of a model that is imported");
    }

    private ModelAttackSyntax BuildAttack(NeuroSql.AttackContext context)
    {
        SqlToken word = BuilderScope.TokenOf(context.IDENTIFIER());
        return Is(word, "ATTACK")
            ? new ModelAttackSyntax(
                BuilderScope.Identifier(context.name()),
                definitions.BuildOptions(context.option()))
            {
                Position = BuilderScope.PositionOf(context),
            }
            : throw SyntaxErrors.Expected(word, "ON or ATTACK");
    }
}
