using NeuroDb.Query.Generated;

namespace NeuroDb.Query;

/// <summary>Builds what stands in square brackets: the elements of arrays, and places in them; and
/// the fields behind a point.</summary>
internal sealed class ArrayBuilder(BuilderScope scope, ExpressionBuilder expressions)
{
    /// <summary>ARRAY[a, b].</summary>
    public ArrayExpressionSyntax BuildArray(
        NeuroSql.PrimaryContext context, NeuroSql.BracketsContext brackets)
    {
        if (brackets.COLON() is { } colon)
        {
            throw SyntaxErrors.Expected(BuilderScope.TokenOf(colon), "','");
        }

        scope.Enter(1, context);
        IReadOnlyList<ExpressionSyntax> elements = expressions.BuildAll(brackets.expression());
        scope.Leave(1);
        return new ArrayExpressionSyntax(elements)
        {
            Position = BuilderScope.Between(context.Start, brackets.Stop),
        };
    }

    /// <summary>a[1][2:3]: each bracket takes from what stands before it.</summary>
    public ExpressionSyntax BuildSubscripts(
        NeuroSql.PrimaryContext context,
        ExpressionSyntax operand,
        ReadOnlySpan<NeuroSql.BracketsContext> brackets)
    {
        foreach (NeuroSql.BracketsContext bracket in brackets)
        {
            scope.Enter(1, context);
            SourcePosition place = BuilderScope.Between(context.Start, bracket.Stop);
            if (bracket.DOT() is not null)
            {
                operand = BuildField(operand, bracket) with { Position = place };
                continue;
            }

            NeuroSql.ExpressionContext[] parts = bracket.expression();
            bool isSlice = bracket.COLON() is not null;
            int before = isSlice
                ? parts.Count(part => part.Start.TokenIndex < bracket.COLON().Symbol.TokenIndex)
                : parts.Length;
            if (before > 1 || (!isSlice && before == 0))
            {
                throw SyntaxErrors.At(
                    BuilderScope.PositionOf(bracket),
                    "behind an array one place stands in brackets, or a slice such as [2:3]");
            }

            operand = new SubscriptExpressionSyntax(
                operand,
                before == 1 ? expressions.Build(parts[0]) : null,
                parts.Length > before ? expressions.Build(parts[before]) : null,
                isSlice)
            {
                Position = place,
            };
        }

        scope.Leave(brackets.Length);
        return operand;
    }

    private static FieldExpressionSyntax BuildField(
        ExpressionSyntax operand, NeuroSql.BracketsContext context) =>
        context.name() is { } name
            ? new FieldExpressionSyntax(operand, BuilderScope.Identifier(name))
            : throw SyntaxErrors.Expected(
                BuilderScope.TokenOf(context.STAR()), "the name of a field");
}
