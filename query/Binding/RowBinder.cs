namespace NeuroDb.Query;

/// <summary>
/// Binds rows as values: (a, b) = (c, d), (a, b) IN (...), and comparisons with ANY or ALL rows of
/// a query. Each becomes conditions on single values, with their rules for NULL.
/// </summary>
internal sealed class RowBinder(Binder binder, ExpressionBinder expressions)
{
    /// <summary>A comparison of two rows.</summary>
    public Expression Compare(
        BinaryOperator operation,
        ExpressionSyntax left,
        ExpressionSyntax right,
        SourcePosition position)
    {
        Expression[] first = Items(left);
        Expression[] second = Items(right);
        RequireSame(first.Length, second.Length, position);
        return Compare(operation, first, second, position);
    }

    /// <summary>A row among a list of rows.</summary>
    public Expression InList(InListExpressionSyntax list)
    {
        Expression[] operand = Items(list.Operand);
        var equal = new List<Expression>(list.Items.Count);
        foreach (ExpressionSyntax item in list.Items)
        {
            Expression[] row = Items(item);
            RequireSame(operand.Length, row.Length, item.Position);
            equal.Add(Compare(BinaryOperator.Equal, operand, row, item.Position));
        }

        Expression found = ExpressionFactory.Or(equal, list.Position);
        return list.IsNegated ? ExpressionFactory.Not(found, list.Position) : found;
    }

    /// <summary>A row among the rows of a query.</summary>
    public Expression InQuery(InQueryExpressionSyntax query)
    {
        Expression[] operand = Items(query.Operand);
        Expression found = Any(
            query.Query,
            operand,
            (left, right) => Compare(BinaryOperator.Equal, left, right, query.Position),
            query.Position);
        return query.IsNegated ? ExpressionFactory.Not(found, query.Position) : found;
    }

    /// <summary>ANY and ALL: ALL holds where the opposite holds for none.</summary>
    public Expression Quantified(QuantifiedExpressionSyntax syntax)
    {
        Expression[] operand = Items(syntax.Operand);
        BinaryOperator operation = syntax.IsAll ? Opposite(syntax) : syntax.Operator;
        Expression found = Any(
            syntax.Query,
            operand,
            (left, right) => Compare(operation, left, right, syntax.Position),
            syntax.Position);
        return syntax.IsAll ? ExpressionFactory.Not(found, syntax.Position) : found;
    }

    private static BinaryOperator Opposite(QuantifiedExpressionSyntax syntax) =>
        syntax.Operator switch
        {
            BinaryOperator.Equal => BinaryOperator.NotEqual,
            BinaryOperator.NotEqual => BinaryOperator.Equal,
            BinaryOperator.Less => BinaryOperator.GreaterOrEqual,
            BinaryOperator.LessOrEqual => BinaryOperator.Greater,
            BinaryOperator.Greater => BinaryOperator.LessOrEqual,
            _ => BinaryOperator.Less,
        };

    /// <summary>
    /// Whether a condition holds for some row of a query; unknown where it holds for none and is
    /// unknown for one.
    /// </summary>
    private Expression Any(
        QuerySyntax query,
        Expression[] operand,
        Func<Expression[], Expression[], Expression> condition,
        SourcePosition position)
    {
        Expression holds = Exists(query, operand, condition, position);
        Expression unknown = Exists(
            query,
            operand,
            (left, right) => ExpressionFactory.IsNull(condition(left, right), false),
            position);
        var nothing = new ConstantExpression(Value.Null, DataType.Boolean);
        return ExpressionFactory.Or(
            [holds, ExpressionFactory.And([unknown, nothing], position)], position);
    }

    private SubqueryExpression Exists(
        QuerySyntax query,
        Expression[] operand,
        Func<Expression[], Expression[], Expression> condition,
        SourcePosition position)
    {
        var captures = new OuterCaptures();
        Scope scope = expressions.Scope;
        var environment = new QueryEnvironment(scope, captures, scope.Environment.Tables);
        LogicalNode rows = new QueryBinder(binder, environment).Bind(query);
        RequireSame(operand.Length, rows.Output.Count, position);
        Expression[] outer = [.. operand.Select(value =>
            value is ConstantExpression ? value : captures.Capture(value))];
        Expression[] inner = [.. rows.Output.Select(column =>
            new ColumnExpression(column.Id, column.Name, column.Type))];
        return new SubqueryExpression(
            SubqueryKind.Exists,
            new LogicalFilter(rows, condition(outer, inner)),
            null,
            captures.Expressions,
            DataType.Boolean,
            position);
    }

    // The values of a row; a STRUCT, such as the row of a query, is one of its fields.
    private Expression[] Items(ExpressionSyntax syntax)
    {
        if (syntax is RowExpressionSyntax row)
        {
            return [.. row.Items.Select(expressions.Bind)];
        }

        Expression value = syntax is SubqueryExpressionSyntax query
            ? new SubqueryBinder(binder, expressions).BindRow(query)
            : expressions.Bind(syntax);
        return value.Type.Kind == TypeKind.Struct
            ? StructFunctions.Fields(value, syntax.Position)
            : [value];
    }

    private static void RequireSame(int left, int right, SourcePosition position)
    {
        if (left != right)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"Rows of {left} and {right} values do not compare.",
                position);
        }
    }

    private static Expression Compare(
        BinaryOperator operation,
        Expression[] left,
        Expression[] right,
        SourcePosition position)
    {
        for (int i = 0; i < left.Length; i++)
        {
            (left[i], right[i]) = CollateExpression.Keys(left[i], right[i]);
        }

        IEnumerable<Expression> Pairs(BinaryOperator each) => left.Zip(right).Select(pair =>
            Single(each, pair.First, pair.Second, position));
        switch (operation)
        {
            case BinaryOperator.Equal or BinaryOperator.IsNotDistinctFrom:
                return ExpressionFactory.And([.. Pairs(operation)], position);
            case BinaryOperator.NotEqual or BinaryOperator.IsDistinctFrom:
                return ExpressionFactory.Or([.. Pairs(operation)], position);
            case BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater
                or BinaryOperator.GreaterOrEqual:
                return Ordered(operation, left, right, position);
            default:
                throw new NeuroStoreException(
                    ErrorCode.TypeMismatch,
                    $"{OperatorText.Of(operation)} does not take rows.",
                    position);
        }
    }

    /// <summary>The first pair that differs decides, from the last to the first.</summary>
    private static Expression Ordered(
        BinaryOperator operation,
        Expression[] left,
        Expression[] right,
        SourcePosition position)
    {
        BinaryOperator strict = operation is BinaryOperator.Less or BinaryOperator.LessOrEqual
            ? BinaryOperator.Less
            : BinaryOperator.Greater;
        Expression result = Single(operation, left[^1], right[^1], position);
        for (int i = left.Length - 2; i >= 0; i--)
        {
            Expression equal = Single(BinaryOperator.Equal, left[i], right[i], position);
            result = ExpressionFactory.Or(
                [
                    Single(strict, left[i], right[i], position),
                    ExpressionFactory.And([equal, result], position),
                ],
                position);
        }

        return result;
    }

    private static Expression Single(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        (left, right) = CollateExpression.Keys(left, right);
        return ExpressionFactory.Binary(operation, left, right, position);
    }
}
