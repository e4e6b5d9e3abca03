namespace NeuroDb.Query;

/// <summary>
/// Binds window functions: the function, its window - also where it goes on from one of WINDOW -
/// and its frame. One for each SELECT.
/// </summary>
internal sealed class WindowBinder(
    WindowCollector windows,
    IReadOnlyList<(IdentifierSyntax Name, WindowSyntax Window)> named)
{
    /// <summary>The column of a call with OVER.</summary>
    /// <param name="call">The call.</param>
    /// <param name="arguments">Binds what stands inside; window functions do not.</param>
    public ColumnExpression Bind(FunctionCallSyntax call, ExpressionBinder arguments)
    {
        WindowSyntax window = Resolve(call.Over!, 0);
        IReadOnlyList<Expression> partition =
            [.. window.PartitionBy.Select(key => CollateExpression.Key(arguments.Bind(key)))];
        List<SortKey> order = [];
        foreach (OrderItemSyntax item in window.OrderBy)
        {
            order.Add(OrderItems.KeyOf(
                item, arguments.Bind(item.Expression), arguments.NullPlacement));
        }

        if (call.OrderBy.Count > 0 || call.IsWithinGroup)
        {
            throw Misplaced(call, "takes no order of its own before OVER");
        }

        WindowFrame frame = new WindowFrameBinder(arguments).Bind(window.Frame, order);
        WindowCall bound = BindCall(call, arguments, frame);
        return windows.Collect(bound, partition, order);
    }

    private static WindowCall BindCall(
        FunctionCallSyntax call, ExpressionBinder arguments, WindowFrame frame)
    {
        string name = call.Name.Text.ToLowerInvariant();
        IReadOnlyList<Expression> values = arguments.BindArguments(call);
        if (WindowRegistry.Contains(name))
        {
            if (call.IsStar || call.IsDistinct || call.Filter is not null)
            {
                throw Misplaced(call, "takes no *, DISTINCT or FILTER");
            }

            return WindowRegistry.Resolve(
                new FunctionCall(name, values, call.Position), frame, call.IgnoresNulls);
        }

        int count = call.IsStar ? 0 : call.Arguments.Count;
        if (!ExpressionFactory.IsAggregate(name, count))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownFunction,
                $"{call.Name.Text} is neither a window function nor an aggregate, so OVER does "
                + $"not apply.{NearMatch.Hint(name, WindowRegistry.Names)}",
                call.Position);
        }

        if (call.IsDistinct)
        {
            throw Misplaced(call, "takes no DISTINCT before OVER");
        }

        if (call.IgnoresNulls)
        {
            throw Misplaced(call, "is an aggregate, which passes over NULLs anyway");
        }

        Expression? filter = call.Filter is null ? null : arguments.BindCondition(call.Filter);
        AggregateFunction function =
            ExpressionFactory.ResolveAggregate(name, values, false, call.Position);
        if (!function.HasWindowForm)
        {
            throw Misplaced(call, "has no window form: it sorts all its rows");
        }

        return new WindowCall(
            WindowKind.Aggregate,
            name,
            function.ResultType,
            [],
            new AggregateCall(function, filter),
            frame,
            false);
    }

    private WindowSyntax Resolve(WindowSyntax window, int depth)
    {
        if (window.Name is not { } name)
        {
            return window;
        }

        if (depth > named.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"The window {name.Name} goes on from itself.",
                name.Position);
        }

        foreach ((IdentifierSyntax known, WindowSyntax definition) in named)
        {
            if (string.Equals(known.Name, name.Name, StringComparison.OrdinalIgnoreCase))
            {
                WindowSyntax basis = Resolve(definition, depth + 1);
                return window.IsReference ? basis : Extend(window, basis);
            }
        }

        throw new NeuroStoreException(
            ErrorCode.UnknownWindow,
            $"There is no window {name.Name} in this query."
            + NearMatch.Hint(name.Name, named.Select(item => item.Name.Name)),
            name.Position);
    }

    private static WindowSyntax Extend(WindowSyntax window, WindowSyntax basis)
    {
        bool isClash = window.PartitionBy.Count > 0
            || (window.OrderBy.Count > 0 && basis.OrderBy.Count > 0)
            || basis.Frame is not null;
        if (isClash)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"A window that goes on from {window.Name!.Name} may add an order if that has "
                + "none, and a frame if that has none, but no PARTITION BY.",
                window.Position);
        }

        return window with
        {
            Name = null,
            PartitionBy = basis.PartitionBy,
            OrderBy = basis.OrderBy.Count > 0 ? basis.OrderBy : window.OrderBy,
        };
    }

    private static NeuroStoreException Misplaced(FunctionCallSyntax call, string what) => new(
        ErrorCode.MisplacedExpression,
        $"The window function {call.Name.Text} {what}.",
        call.Position);
}
