namespace NeuroDb.Query;

/// <summary>Calls that are more than functions of a row.</summary>
internal sealed partial class ExpressionBinder
{
    /// <summary>Where NULLs stand in an order that does not say it.</summary>
    public NullPlacement NullPlacement => binder.NullPlacement;

    /// <summary>A call of a function that a statement made, or null.</summary>
    private Expression? BindMade(FunctionCallSyntax call) =>
        FunctionCallBinder.Find(call.Name, binder) is { } function
            ? new FunctionCallBinder(binder, this).BindValue(function, call)
            : ListLambdas.Bind(call, this);

    private Expression BindAggregate(FunctionCallSyntax call)
    {
        if (Aggregates is null)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The aggregate {call.Name.Text} has no meaning in {clause}; it stands in the "
                + "items of SELECT, in HAVING and in ORDER BY, and not inside another aggregate.",
                call.Position);
        }

        var inner = new ExpressionBinder(binder, Scope, "an aggregate");
        IReadOnlyList<Expression> arguments = inner.BindArguments(call);
        Expression? filter = call.Filter is null ? null : inner.BindCondition(call.Filter);
        IReadOnlyList<SortKey> order = [.. call.OrderBy.Select(
            item => OrderItems.KeyOf(
                item, inner.Bind(item.Expression), binder.NullPlacement))];
        if (call.IsWithinGroup && !AggregateRegistry.TakesWithinGroup(call.Name.Text))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{call.Name.Text} takes its order inside its brackets, not in WITHIN GROUP.",
                call.Position);
        }

        AggregateFunction function = ExpressionFactory.ResolveAggregate(
            call.Name.Text, arguments, call.IsDistinct, call.Position, order);
        return Aggregates.Collect(new AggregateCall(function, filter));
    }

    private GroupingExpression BindGrouping(FunctionCallSyntax call)
    {
        if (Aggregates is null || call.Arguments.Count is 0 or > 31)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "GROUPING takes 1 to 31 keys of GROUP BY, and stands where aggregates do.",
                call.Position);
        }

        return new GroupingExpression(BindArguments(call), call.Position);
    }

    private ColumnExpression BindWindow(FunctionCallSyntax call)
    {
        if (call.Over is null)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{call.Name.Text} is a window function: write OVER (...) behind it.",
                call.Position);
        }

        if (Windows is null)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The window function {call.Name.Text} has no meaning in {clause}; it stands in "
                + "the items of SELECT, in QUALIFY and in ORDER BY, and not inside another.",
                call.Position);
        }

        var inner = new ExpressionBinder(binder, Scope, "a window function")
        {
            Aggregates = Aggregates,
        };
        return Windows.Bind(call, inner);
    }

    private Expression BindFunction(FunctionCallSyntax call)
    {
        IReadOnlyList<Expression> arguments = BindArguments(call);
        return call.Name.Text.Equals(
            TextScoreBinder.FunctionName, StringComparison.OrdinalIgnoreCase)
            ? TextScoreBinder.Bind(arguments, binder, call.Position)
            : TextMatchBinder.IsCall(call.Name.Text, arguments)
            ? TextMatchBinder.Bind(arguments[0], arguments[1], binder, call.Position)
            : arguments.Count == 1 && !FunctionRegistry.Contains(call.Name.Text)
                && TypeNames.TryConversion(call.Name.Text, out DataType type)
            ? ExpressionFactory.Cast(arguments[0], type, call.Position)
            : ExpressionFactory.Call(call.Name.Text, arguments, call.Position);
    }
}
