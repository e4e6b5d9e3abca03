namespace NeuroDb.Query;

/// <summary>
/// list_transform and list_filter: a query over the elements of the list stands in their place, so
/// that what follows the arrow may use all that the expression around it sees.
/// </summary>
internal static class ListLambdas
{
    private static readonly HashSet<string> Transforms =
        new(StringComparer.OrdinalIgnoreCase)
        {
            "list_transform", "array_transform", "list_apply", "array_apply",
        };

    private static readonly HashSet<string> Filters =
        new(StringComparer.OrdinalIgnoreCase) { "list_filter", "array_filter" };

    /// <summary>The names of the functions, for messages and listings.</summary>
    public static IEnumerable<string> Names => Transforms.Concat(Filters);

    /// <summary>The value of a call, or null if it is none of these.</summary>
    public static Expression? Bind(FunctionCallSyntax call, ExpressionBinder expressions)
    {
        bool isFilter = Filters.Contains(call.Name.Text);
        if (!isFilter && !Transforms.Contains(call.Name.Text))
        {
            return null;
        }

        if (call.Arguments is not [var list, var second]
            || LambdaOf(second.Value) is not { Names.Count: 1 or 2 } lambda)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{call.Name.Text} takes a list and x -> expression, or (x, i) -> expression.",
                call.Position);
        }

        return expressions.Bind(QueryOf(list.Value, lambda, isFilter, call.Position));
    }

    /// <summary>The error for a lambda that no such function takes.</summary>
    public static NeuroStoreException Misplaced(LambdaExpressionSyntax lambda) => new(
        ErrorCode.MisplacedExpression,
        $"A lambda is an argument of one of {string.Join(", ", Names)}.",
        lambda.Position);

    /// <summary>
    /// The lambda that an argument is. The arrow is also an operator, which binds tighter than
    /// those that may follow it, so it is looked for at the left end of the expression.
    /// </summary>
    private static LambdaExpressionSyntax? LambdaOf(ExpressionSyntax value)
    {
        if (value is LambdaExpressionSyntax lambda)
        {
            return lambda;
        }

        if (value is BinaryExpressionSyntax { Operator: BinaryOperator.JsonMember } arrow
            && NamesOf(arrow.Left) is { } names)
        {
            return new LambdaExpressionSyntax(names, arrow.Right) { Position = value.Position };
        }

        return value switch
        {
            BinaryExpressionSyntax binary => Around(
                binary.Left, left => binary with { Left = left }),
            LogicalExpressionSyntax logical => Around(
                logical.Operands[0],
                first => logical with { Operands = [first, .. logical.Operands.Skip(1)] }),
            IsExpressionSyntax test => Around(
                test.Operand, operand => test with { Operand = operand }),
            BetweenExpressionSyntax between => Around(
                between.Operand, operand => between with { Operand = operand }),
            InListExpressionSyntax list => Around(
                list.Operand, operand => list with { Operand = operand }),
            LikeExpressionSyntax like => Around(
                like.Operand, operand => like with { Operand = operand }),
            _ => null,
        };
    }

    private static LambdaExpressionSyntax? Around(
        ExpressionSyntax left, Func<ExpressionSyntax, ExpressionSyntax> whole) =>
        LambdaOf(left) is { } inner ? inner with { Body = whole(inner.Body) } : null;

    private static IReadOnlyList<IdentifierSyntax>? NamesOf(ExpressionSyntax left) => left switch
    {
        ColumnReferenceSyntax { Name.Parts: [var only] } => [only],
        RowExpressionSyntax row when row.Items.All(
            static item => item is ColumnReferenceSyntax { Name.Parts.Count: 1 }) =>
            [.. row.Items.Select(static item => ((ColumnReferenceSyntax)item).Name.Parts[0])],
        _ => null,
    };

    // CASE WHEN list IS NULL THEN NULL ELSE (SELECT coalesce(array_agg(body ORDER BY i), '{}')
    // FROM unnest(list) WITH ORDINALITY AS elements (x, i) [WHERE body]) END
    private static CaseExpressionSyntax QueryOf(
        ExpressionSyntax list,
        LambdaExpressionSyntax lambda,
        bool isFilter,
        SourcePosition position)
    {
        IdentifierSyntax element = lambda.Names[0];
        IdentifierSyntax place = lambda.Names.Count > 1
            ? lambda.Names[1]
            : new IdentifierSyntax("\u0001place", true) { Position = position };
        FunctionCallSyntax gathered = Call(
            "array_agg", position, isFilter ? Column(element) : lambda.Body) with
        {
            OrderBy =
            [
                new OrderItemSyntax(Column(place), SortDirection.Ascending, NullOrder.Default)
                {
                    Position = position,
                },
            ],
        };
        var none = new LiteralExpressionSyntax(LiteralKind.Text, "{}") { Position = position };
        var select = new SelectSyntax(
            false,
            [new ExpressionItemSyntax(
                Call("coalesce", position, gathered, none), null, "list")
            {
                Position = position,
            }],
            [new FunctionTableSyntax(
                Call("unnest", position, list),
                new IdentifierSyntax("elements", false) { Position = position },
                [element, place])
            {
                WithOrdinality = true,
                Position = position,
            }],
            isFilter ? lambda.Body : null,
            [],
            null)
        {
            Position = position,
        };
        var query = new QuerySyntax([], select, [], null, null) { Position = position };
        var missing = new LiteralExpressionSyntax(LiteralKind.Null, "") { Position = position };
        return new CaseExpressionSyntax(
            null,
            [new WhenClauseSyntax(
                new IsExpressionSyntax(list, TruthTest.Null, false) { Position = position },
                missing)
            {
                Position = position,
            }],
            new SubqueryExpressionSyntax(query) { Position = position })
        {
            Position = position,
        };
    }

    private static ColumnReferenceSyntax Column(IdentifierSyntax name) =>
        new(new NameSyntax([name]) { Position = name.Position }) { Position = name.Position };

    private static FunctionCallSyntax Call(
        string name, SourcePosition position, params ExpressionSyntax[] arguments) => new(
            new NameSyntax([new IdentifierSyntax(name, false) { Position = position }])
            {
                Position = position,
            },
            [.. arguments.Select(value =>
                new FunctionArgumentSyntax(null, value) { Position = position })],
            false,
            false,
            null)
        {
            Position = position,
        };
}
