using Antlr4.Runtime;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds the statements that define tables and indexes, and the settings.</summary>
internal sealed partial class DefinitionBuilder(BuilderScope scope, ExpressionBuilder expressions)
{
    public CreateTableStatementSyntax BuildCreateTable(NeuroSql.CreateTableContext context)
    {
        List<ColumnDefinitionSyntax> columns = [];
        List<ConstraintSyntax> constraints = [];
        List<LikeTableSyntax> likes = [];
        foreach (NeuroSql.TableElementContext element in context.tableElement())
        {
            if (element.columnDefinition() is { } column)
            {
                columns.Add(BuildColumn(column));
            }
            else if (element.likeTable() is { } like)
            {
                likes.Add(BuildLike(like, columns.Count));
            }
            else
            {
                constraints.Add(BuildConstraint(element.tableConstraint()));
            }
        }

        return new CreateTableStatementSyntax(
            BuilderScope.Name(context.qualifiedName()),
            context.ifNotExists() is not null,
            columns,
            constraints,
            context.query() is { } query ? expressions.Queries.Build(query) : null)
        {
            IgnoredOptions = OptionsOf(context),
            Likes = likes,
            IsWithoutRows = context.withData()?.NO() is not null,
        };
    }

    // Rows of a temporary table stay at COMMIT; another rule would change answers.
    private string[] OptionsOf(NeuroSql.CreateTableContext context)
    {
        var options = new List<string>();
        if (context.IDENTIFIER() is { } word)
        {
            SqlToken token = BuilderScope.TokenOf(word);
            options.Add(token.Span.Equals("UNLOGGED", StringComparison.OrdinalIgnoreCase)
                ? "UNLOGGED"
                : throw SyntaxErrors.Expected(token, "TABLE, TEMP, UNLOGGED or another object"));
        }

        foreach (NeuroSql.TableOptionContext option in context.tableOption())
        {
            if (option.ON() is null)
            {
                options.Add(scope.TextOf(option));
            }
            else if (!option.name(0).Start.Text.Equals(
                "PRESERVE", StringComparison.OrdinalIgnoreCase))
            {
                throw SyntaxErrors.Expected((SqlToken)option.name(0).Start, "PRESERVE ROWS");
            }
        }

        return [.. options];
    }

    private static LikeTableSyntax BuildLike(NeuroSql.LikeTableContext context, int place)
    {
        var included = new List<string>();
        for (int i = 2; i + 1 < context.ChildCount; i += 2)
        {
            SqlToken word = (SqlToken)((ParserRuleContext)context.GetChild(i)).Start;
            string what = context.GetChild(i + 1).GetText().ToUpperInvariant();
            switch (word.NameText().ToUpperInvariant())
            {
                case "INCLUDING":
                    included.Add(what);
                    break;
                case "EXCLUDING":
                    included.Remove(what);
                    break;
                default:
                    throw SyntaxErrors.Expected(word, "INCLUDING or EXCLUDING");
            }
        }

        return new LikeTableSyntax(
            BuilderScope.Name(context.qualifiedName()), place, included)
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    public ColumnDefinitionSyntax BuildColumn(NeuroSql.ColumnDefinitionContext context)
    {
        IReadOnlyList<ConstraintSyntax> constraints =
            BuildConstraints(context.columnConstraint());
        return new ColumnDefinitionSyntax(
            BuilderScope.Identifier(context.name()),
            context.columnType() is { } type
                ? ExpressionBuilder.BuildType(type)
                : null,
            constraints)
        {
            Position = BuilderScope.PositionOf(context),
        };
    }

    /// <summary>The constraints of a column or domain, each with its name.</summary>
    public IReadOnlyList<ConstraintSyntax> BuildConstraints(
        NeuroSql.ColumnConstraintContext[] contexts)
    {
        List<ConstraintSyntax> constraints = [];
        foreach (NeuroSql.ColumnConstraintContext constraint in contexts)
        {
            constraints.Add(
                BuildConstraint(constraint) with
                {
                    Name = constraint.CONSTRAINT() is null
                        ? null
                        : BuilderScope.Identifier(constraint.name(0)),
                    Position = BuilderScope.PositionOf(constraint),
                });
        }

        return constraints;
    }

    private ConstraintSyntax BuildConstraint(NeuroSql.ColumnConstraintContext context)
    {
        if (context.PRIMARY() is not null || context.UNIQUE() is not null)
        {
            return new KeyConstraintSyntax(
                context.PRIMARY() is not null, [], context.AUTOINCREMENT() is not null);
        }

        if (context.parenthesized() is { } check)
        {
            return BuildCheck(check);
        }

        if (context.references() is { } references)
        {
            return BuildReferences(references, []);
        }

        if (context.DEFERRABLE() is not null)
        {
            return new DeferrableConstraintSyntax(IsDeferred(context.initially()));
        }

        if (context.COLLATE() is not null)
        {
            return new CollateConstraintSyntax(BuilderScope.Identifier(context.name()[^1]));
        }

        if (context.generation() is { } generation)
        {
            return BuildGeneration(generation, isAlways: context.BY() is null);
        }

        return context.defaultValue() is { } value
            ? BuildDefault(value)
            : new NullConstraintSyntax(context.NOT() is null);
    }

    public ConstraintSyntax BuildConstraint(NeuroSql.TableConstraintContext context)
    {
        ConstraintSyntax constraint = context.parenthesized() is { } check
            ? BuildCheck(check)
            : context.references() is { } references
            ? BuildReferences(references, BuilderScope.Names(context.nameList())) with
            {
                IsDeferred = IsDeferred(context.initially()),
            }
            : new KeyConstraintSyntax(
                context.PRIMARY() is not null,
                [.. context.indexColumn().Select(IndexBuilder.ColumnOf)],
                false);
        return constraint with
        {
            Name = BuilderScope.OptionalIdentifier(context.name()),
            Position = BuilderScope.PositionOf(context),
        };
    }

    private static bool IsDeferred(NeuroSql.InitiallyContext? context) =>
        context?.DEFERRED() is not null;

    private static ForeignKeyConstraintSyntax BuildReferences(
        NeuroSql.ReferencesContext context, IReadOnlyList<IdentifierSyntax> columns)
    {
        var key = new ForeignKeyConstraintSyntax(
            columns,
            BuilderScope.Name(context.qualifiedName()),
            BuilderScope.Names(context.nameList()));
        foreach (NeuroSql.ReferenceRuleContext rule in context.referenceRule())
        {
            if (rule.FULL() is { } full && columns.Count > 1)
            {
                throw SyntaxErrors.Expected(
                    BuilderScope.TokenOf(full), "SIMPLE, where a key has several columns");
            }

            ForeignKeyAction action = rule.RESTRICT() is not null ? ForeignKeyAction.Restrict
                : rule.CASCADE() is not null ? ForeignKeyAction.Cascade
                : rule.NULL() is not null ? ForeignKeyAction.SetNull
                : rule.DEFAULT() is not null ? ForeignKeyAction.SetDefault
                : ForeignKeyAction.NoAction;
            key = rule.DELETE() is not null ? key with { OnDelete = action }
                : rule.UPDATE() is not null ? key with { OnUpdate = action }
                : key;
        }

        return key;
    }

    private ConstraintSyntax BuildGeneration(NeuroSql.GenerationContext context, bool isAlways)
    {
        if (context.IDENTITY() is not null)
        {
            return new IdentityConstraintSyntax(
                isAlways,
                context.sequenceWord().Length == 0
                    ? null
                    : SequenceBuilder.Build(context.sequenceWord()));
        }

        CheckConstraintSyntax value = BuildCheck(context.parenthesized());
        NeuroSql.BareNameContext? word = context.bareName();
        if (word is not null && !BuilderScope.IsWord(word, "ASYNC"))
        {
            throw SyntaxErrors.Expected((SqlToken)word.Start, "ASYNC");
        }

        return new GeneratedConstraintSyntax(
            value.Condition, value.ConditionText, context.STORED() is null)
        {
            IsAsync = word is not null,
        };
    }

    private CheckConstraintSyntax BuildCheck(NeuroSql.ParenthesizedContext context)
    {
        NeuroSql.ExpressionContext condition = ExpressionBuilder.OnlyExpression(context);
        scope.Enter(1, context);
        ExpressionSyntax expression = expressions.Build(condition);
        scope.Leave(1);
        return new CheckConstraintSyntax(expression, scope.TextOf(condition));
    }

    // DEFAULT (e) keeps the text of e; everything else keeps its whole text.
    private DefaultConstraintSyntax BuildDefault(NeuroSql.DefaultValueContext context)
    {
        string text = context.ChildCount == 1
            && context.primary() is [var only]
            && only.parenthesized() is { } inner
            && only.EXISTS() is null
            && inner.expression().Length == 1
            && QueryBuilder.IsEmpty(inner.queryTail())
            ? scope.TextOf(inner.expression(0))
            : scope.TextOf(context);
        return new DefaultConstraintSyntax(expressions.Build(context), text);
    }
}
