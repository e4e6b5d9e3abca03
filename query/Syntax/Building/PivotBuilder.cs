using Antlr4.Runtime.Tree;
using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds PIVOT and UNPIVOT, both behind a table and as queries of their own.</summary>
internal sealed class PivotBuilder(
    BuilderScope scope, ExpressionBuilder expressions, QueryBuilder queries)
{
    /// <summary>A table with the PIVOTs and UNPIVOTs behind it.</summary>
    public TableReferenceSyntax Build(
        TableReferenceSyntax table, NeuroSql.TablePivotContext[] pivots)
    {
        foreach (NeuroSql.TablePivotContext pivot in pivots)
        {
            TableReferenceSyntax made = pivot.PIVOT() is null
                ? Unpivot(table, pivot)
                : Pivot(table, pivot);
            table = made with { Position = BuilderScope.PositionOf(pivot) };
        }

        return table;
    }

    /// <summary>A query that begins with PIVOT or UNPIVOT.</summary>
    public SelectSyntax Build(NeuroSql.PivotContext context)
    {
        SourcePosition position = BuilderScope.PositionOf(context);
        TableReferenceSyntax source = queries.Tables.Build(context.tablePrimary());
        TableReferenceSyntax table = context.PIVOT() is null
            ? Unpivot(source, context)
            : Pivot(source, context);
        return new SelectSyntax(
            false,
            [new StarItemSyntax(null) { Position = position }],
            [table with { Position = position }],
            null,
            [],
            null)
        {
            Position = position,
        };
    }

    private PivotTableSyntax Pivot(
        TableReferenceSyntax source, NeuroSql.TablePivotContext context) => new(
            source,
            [.. context.pivotValues().Select(values => new PivotColumnSyntax(
                expressions.Build(values.simpleExpression()), Values(values.selectItem()))
            {
                Position = BuilderScope.PositionOf(values),
            })],
            Aggregates(context.selectItem()),
            context.GROUP() is null ? null : Groups(context.expression()),
            TableBuilder.Alias(context.tableAlias()?.alias()),
            BuilderScope.Names(context.tableAlias()?.nameList()));

    // The expressions of the rule are those of ON, and behind BY those of the groups.
    private PivotTableSyntax Pivot(TableReferenceSyntax source, NeuroSql.PivotContext context)
    {
        NeuroSql.ExpressionContext[] all = context.expression();
        int end = context.BY() is { } by
            ? Array.FindIndex(all, it => it.Start.TokenIndex > by.Symbol.TokenIndex)
            : all.Length;
        SourcePosition position = BuilderScope.PositionOf(context);
        IReadOnlyList<ExpressionItemSyntax> aggregates = context.USING() is null
            ? [new ExpressionItemSyntax(Count(position), null, "count_star()")]
            : Aggregates(context.selectItem());
        return new PivotTableSyntax(
            source,
            [.. all[..end].Select(Column)],
            aggregates,
            context.GROUP() is null ? null : Groups(all[end..]),
            null,
            []);
    }

    private UnpivotTableSyntax Unpivot(
        TableReferenceSyntax source, NeuroSql.TablePivotContext context)
    {
        NeuroSql.PivotValuesContext values = context.pivotValues(0);
        if (expressions.Build(values.simpleExpression())
            is not ColumnReferenceSyntax { Name.Parts: [var name] })
        {
            throw SyntaxErrors.At(
                BuilderScope.PositionOf(values), "FOR takes the name of a column for the names");
        }

        return new UnpivotTableSyntax(
            source,
            queries.BuildItems(values.selectItem()),
            name,
            context.nameList() is { } several
                ? BuilderScope.Names(several)
                : [BuilderScope.Identifier(context.name())],
            Includes(context.NULLS(), context.IDENTIFIER()),
            TableBuilder.Alias(context.tableAlias()?.alias()),
            BuilderScope.Names(context.tableAlias()?.nameList()));
    }

    private UnpivotTableSyntax Unpivot(
        TableReferenceSyntax source, NeuroSql.PivotContext context)
    {
        ITerminalNode[] words = context.IDENTIFIER();
        bool hasNames = context.INTO() is not null;
        if (hasNames)
        {
            Expect(words[^2], "NAME");
            Expect(words[^1], "VALUE");
        }

        NeuroSql.NameContext[] names = context.name();
        return new UnpivotTableSyntax(
            source,
            queries.BuildItems(context.selectItem()),
            hasNames ? BuilderScope.Identifier(names[0]) : new IdentifierSyntax("name", false),
            hasNames
                ? [.. names[1..].Select(BuilderScope.Identifier)]
                : [new IdentifierSyntax("value", false)],
            Includes(context.NULLS(), context.NULLS() is null ? null : words[0]),
            null,
            []);
    }

    private static bool Includes(ITerminalNode? nulls, ITerminalNode? word)
    {
        if (nulls is not null && word is not null)
        {
            Expect(word, "INCLUDE");
        }

        return nulls is not null && word is not null;
    }

    private static void Expect(ITerminalNode node, string word)
    {
        SqlToken token = BuilderScope.TokenOf(node);
        if (!string.Equals(token.Text, word, StringComparison.OrdinalIgnoreCase))
        {
            throw SyntaxErrors.Expected(token, word);
        }
    }

    private PivotColumnSyntax Column(NeuroSql.ExpressionContext context)
    {
        ExpressionSyntax column = expressions.Build(context);
        return (column is InListExpressionSyntax { IsNegated: false } list
            ? new PivotColumnSyntax(
                list.Operand, [.. list.Items.Select(item => Value(item, null, null))])
            : new PivotColumnSyntax(column, null)) with
        {
            Position = column.Position,
        };
    }

    private IReadOnlyList<ExpressionItemSyntax> Groups(NeuroSql.ExpressionContext[] contexts) =>
        [.. contexts.Select(context => new ExpressionItemSyntax(
            expressions.Build(context), null, scope.TextOf(context))
        {
            Position = BuilderScope.PositionOf(context),
        })];

    private IReadOnlyList<ExpressionItemSyntax> Aggregates(NeuroSql.SelectItemContext[] contexts)
    {
        IReadOnlyList<SelectItemSyntax> items = queries.BuildItems(contexts);
        foreach (SelectItemSyntax item in items)
        {
            if (item is not ExpressionItemSyntax { Expression: FunctionCallSyntax { Over: null } })
            {
                throw SyntaxErrors.At(item.Position, "PIVOT takes aggregates, such as sum(x)");
            }
        }

        return [.. items.Cast<ExpressionItemSyntax>()];
    }

    private IReadOnlyList<(ExpressionSyntax Value, string Name)> Values(
        NeuroSql.SelectItemContext[] contexts) =>
        [.. queries.BuildItems(contexts).Select(static item => item is ExpressionItemSyntax value
            ? Value(value.Expression, value.Alias?.Name, value.Text)
            : throw SyntaxErrors.At(item.Position, "IN takes the values that become columns"))];

    // A name alone stands for the text, as in DuckDB.
    private static (ExpressionSyntax Value, string Name) Value(
        ExpressionSyntax value, string? alias, string? text)
    {
        string? name = value switch
        {
            LiteralExpressionSyntax { Kind: LiteralKind.Null } => "NULL",
            LiteralExpressionSyntax literal => literal.Text,
            ColumnReferenceSyntax { Name.Parts: [var word] } => word.Name,
            CastExpressionSyntax { Operand: LiteralExpressionSyntax literal } => literal.Text,
            UnaryExpressionSyntax
            {
                Operator: UnaryOperator.Negate,
                Operand: LiteralExpressionSyntax literal,
            } => $"-{literal.Text}",
            _ => text,
        };
        ExpressionSyntax meant = value is ColumnReferenceSyntax { Name.Parts: [var only] }
            ? new LiteralExpressionSyntax(LiteralKind.Text, only.Name)
            {
                Position = value.Position,
            }
            : value;
        return (meant, alias ?? name ?? throw SyntaxErrors.At(
            value.Position, "ON .. IN takes constants here; in FROM, PIVOT takes value AS name"));
    }

    private static FunctionCallSyntax Count(SourcePosition position) => new(
        new NameSyntax([new IdentifierSyntax("count", false)]) { Position = position },
        [],
        IsStar: true,
        IsDistinct: false,
        null)
    {
        Position = position,
    };
}
