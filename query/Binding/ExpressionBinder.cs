namespace NeuroDb.Query;

/// <summary>
/// Binds expressions over one scope. The clause names the place for messages; aggregates are
/// allowed where there is a collector for them.
/// </summary>
internal sealed class ExpressionBinder(Binder binder, Scope scope, string clause)
{
    /// <summary>The names that expressions may use.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>Where aggregates are collected; null where they have no place.</summary>
    public AggregateCollector? Aggregates { get; init; }

    /// <summary>Binds window functions; null where they have no place.</summary>
    public WindowBinder? Windows { get; init; }

    /// <summary>The items of SELECT by name, where they may be used; null elsewhere.</summary>
    public Func<NameSyntax, Expression?>? Aliases { get; init; }

    /// <summary>Binds a condition: the result is BOOLEAN.</summary>
    public Expression BindCondition(ExpressionSyntax syntax) =>
        ExpressionFactory.Condition(Bind(syntax), syntax.Position);

    /// <summary>Binds an expression.</summary>
    public Expression Bind(ExpressionSyntax syntax) => syntax switch
    {
        LiteralExpressionSyntax literal => Literals.Bind(literal),
        ColumnReferenceSyntax reference => BindName(reference.Name),
        ParameterExpressionSyntax parameter => BindParameter(parameter),
        UnaryExpressionSyntax unary => BindUnary(unary),
        BinaryExpressionSyntax binary => ExpressionFactory.Binary(
            binary.Operator, Bind(binary.Left), Bind(binary.Right), binary.Position),
        LogicalExpressionSyntax logical => BindLogical(logical),
        IsExpressionSyntax test => BindTest(test),
        BetweenExpressionSyntax between => ExpressionFactory.Between(
            Bind(between.Operand),
            Bind(between.Low),
            Bind(between.High),
            between.IsNegated,
            between.Position),
        InListExpressionSyntax list => ExpressionFactory.InList(
            Bind(list.Operand), BindAll(list.Items), list.IsNegated, list.Position),
        LikeExpressionSyntax like => BindLike(like),
        CaseExpressionSyntax @case => BindCase(@case),
        CastExpressionSyntax cast => ExpressionFactory.Cast(
            Bind(cast.Operand), TypeNames.Resolve(cast.Type), cast.Position),
        FunctionCallSyntax call => BindCall(call),
        SubqueryExpressionSyntax subquery => BindScalarQuery(subquery),
        ExistsExpressionSyntax exists => BindExists(exists),
        InQueryExpressionSyntax query => BindInQuery(query),
        RowExpressionSyntax => throw NotYet.Error("A row as a value", syntax.Position),
        CollateExpressionSyntax => throw NotYet.Error("COLLATE", syntax.Position),
        QuantifiedExpressionSyntax => throw NotYet.Error("ANY or ALL", syntax.Position),
        DefaultExpressionSyntax => throw new NeuroStoreException(
            ErrorCode.MisplacedExpression,
            "DEFAULT stands only for a whole value of INSERT or UPDATE.",
            syntax.Position),
        _ => throw Invariant.Broken($"binding of {syntax.GetType().Name}"),
    };

    private List<Expression> BindAll(IReadOnlyList<ExpressionSyntax> syntaxes)
    {
        var expressions = new List<Expression>(syntaxes.Count);
        foreach (ExpressionSyntax syntax in syntaxes)
        {
            expressions.Add(Bind(syntax));
        }

        return expressions;
    }

    private Expression BindName(NameSyntax name)
    {
        if (Scope.Find(name) is { } column)
        {
            return column.Expression;
        }

        return Aliases?.Invoke(name) ?? Scope.Resolve(name);
    }

    private ParameterExpression BindParameter(ParameterExpressionSyntax parameter)
    {
        int ordinal = parameter.Number - 1;
        if (ordinal >= binder.ParameterTypes.Count)
        {
            string name = parameter.Name.Length > 0 ? $"@{parameter.Name}" : $"?{parameter.Number}";
            throw new NeuroStoreException(
                ErrorCode.ParameterMismatch,
                $"The parameter {name} has no value; {binder.ParameterTypes.Count} were given.",
                parameter.Position);
        }

        return new ParameterExpression(ordinal, binder.ParameterTypes[ordinal]);
    }

    private Expression BindUnary(UnaryExpressionSyntax unary)
    {
        if (unary.Operator == UnaryOperator.Negate
            && unary.Operand is LiteralExpressionSyntax
            {
                Kind: LiteralKind.Integer or LiteralKind.Decimal or LiteralKind.Double,
            } literal)
        {
            return Literals.BindNegative(literal, unary.Position);
        }

        return ExpressionFactory.Unary(unary.Operator, Bind(unary.Operand), unary.Position);
    }

    private Expression BindLogical(LogicalExpressionSyntax logical)
    {
        var operands = new List<Expression>(logical.Operands.Count);
        foreach (ExpressionSyntax operand in logical.Operands)
        {
            operands.Add(BindCondition(operand));
        }

        return logical.Operator == LogicalOperator.And
            ? ExpressionFactory.And(operands, logical.Position)
            : ExpressionFactory.Or(operands, logical.Position);
    }

    private Expression BindTest(IsExpressionSyntax test)
    {
        Expression operand = Bind(test.Operand);
        return test.Test switch
        {
            TruthTest.Null => ExpressionFactory.IsNull(operand, test.IsNegated),
            TruthTest.Unknown => ExpressionFactory.IsNull(
                ExpressionFactory.Condition(operand, test.Position), test.IsNegated),
            _ => ExpressionFactory.IsTruth(
                operand, test.Test == TruthTest.True, test.IsNegated, test.Position),
        };
    }

    private Expression BindLike(LikeExpressionSyntax like)
    {
        Expression operand = Bind(like.Operand);
        Expression pattern = Bind(like.Pattern);
        NotYet.Refuse(like.Kind == LikeKind.Regexp, "REGEXP", like.Position);
        if (like.Kind == LikeKind.Glob)
        {
            Expression matches = ExpressionFactory.Call("glob", [pattern, operand], like.Position);
            return like.IsNegated ? ExpressionFactory.Not(matches, like.Position) : matches;
        }

        return ExpressionFactory.Like(
            operand,
            pattern,
            like.Escape is null ? null : Bind(like.Escape),
            like.Kind == LikeKind.ILike,
            like.IsNegated,
            like.Position);
    }

    private Expression BindCase(CaseExpressionSyntax syntax)
    {
        Expression? operand = syntax.Operand is null ? null : Bind(syntax.Operand);
        var branches = new List<(Expression When, Expression Then)>(syntax.Whens.Count);
        foreach (WhenClauseSyntax when in syntax.Whens)
        {
            Expression condition =
                operand is null ? BindCondition(when.Condition) : Bind(when.Condition);
            branches.Add((condition, Bind(when.Result)));
        }

        Expression? otherwise = syntax.Else is null ? null : Bind(syntax.Else);
        return ExpressionFactory.Case(operand, branches, otherwise, syntax.Position);
    }

    private Expression BindCall(FunctionCallSyntax call)
    {
        if (call.Over is not null || WindowRegistry.Contains(call.Name.Text))
        {
            return BindWindow(call);
        }

        if (call.Query is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{call.Name.Text} takes values; put a query in brackets of its own.",
                call.Position);
        }

        int argumentCount = call.IsStar ? 0 : call.Arguments.Count;
        if (ExpressionFactory.IsAggregate(call.Name.Text, argumentCount))
        {
            return BindAggregate(call);
        }

        if (string.Equals(call.Name.Text, "grouping", StringComparison.OrdinalIgnoreCase))
        {
            return BindGrouping(call);
        }

        if ((call.IsStar || call.IsDistinct || call.Filter is not null || call.OrderBy.Count > 0)
            && FunctionRegistry.Contains(call.Name.Text))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{call.Name.Text} is not an aggregate, so *, DISTINCT, ORDER BY and FILTER do not "
                + "apply.",
                call.Position);
        }

        return ExpressionFactory.Call(call.Name.Text, BindArguments(call), call.Position);
    }

    /// <summary>The arguments of a call; named ones are an error.</summary>
    public IReadOnlyList<Expression> BindArguments(FunctionCallSyntax call)
    {
        var arguments = new List<Expression>(call.Arguments.Count);
        foreach (FunctionArgumentSyntax argument in call.Arguments)
        {
            if (argument.Name is not null)
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    $"{call.Name.Text} takes no named arguments.",
                    argument.Position);
            }

            arguments.Add(Bind(argument.Value));
        }

        return arguments;
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

    private ColumnExpression BindAggregate(FunctionCallSyntax call)
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
            item => OrderItems.KeyOf(item, inner.Bind(item.Expression)))];
        if (call.IsWithinGroup && !OrderedAggregates.Contains(call.Name.Text.ToLowerInvariant()))
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

    private (LogicalNode Query, OuterCaptures Captures) BindQuery(QuerySyntax syntax)
    {
        var captures = new OuterCaptures();
        var environment = new QueryEnvironment(Scope, captures, Scope.Environment.Tables);
        return (new QueryBinder(binder, environment).Bind(syntax), captures);
    }

    private SubqueryExpression BindScalarQuery(SubqueryExpressionSyntax syntax)
    {
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        RequireOneColumn(query, syntax.Position);
        return new SubqueryExpression(
            SubqueryKind.Scalar,
            query,
            null,
            captures.Expressions,
            query.Output[0].Type,
            syntax.Position);
    }

    private SubqueryExpression BindExists(ExistsExpressionSyntax syntax)
    {
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        return new SubqueryExpression(
            SubqueryKind.Exists,
            query,
            null,
            captures.Expressions,
            DataType.Boolean,
            syntax.Position);
    }

    private Expression BindInQuery(InQueryExpressionSyntax syntax)
    {
        Expression operand = Bind(syntax.Operand);
        (LogicalNode query, OuterCaptures captures) = BindQuery(syntax.Query);
        RequireOneColumn(query, syntax.Position);
        DataType common = operand is ConstantExpression
            && !Coercion.TryCommon(operand.Type, query.Output[0].Type, out _)
            ? DataType.Text
            : ExpressionFactory.CommonType(
                operand.Type, query.Output[0].Type, syntax.Position);
        Expression found = new SubqueryExpression(
            SubqueryKind.In,
            ConvertQuery(query, common, syntax.Position),
            ExpressionFactory.Cast(operand, common, syntax.Position),
            captures.Expressions,
            DataType.Boolean,
            syntax.Position);
        return syntax.IsNegated
            ? ExpressionFactory.Unary(UnaryOperator.Not, found, syntax.Position)
            : found;
    }

    // A constant that is no value of the query's type is compared as text, as SQLite does.
    private LogicalNode ConvertQuery(
        LogicalNode query, DataType type, SourcePosition position)
    {
        OutputColumn column = query.Output[0];
        if (Coercion.TryCommon(column.Type, type, out _))
        {
            return QueryBinder.Convert(binder, query, [type], position);
        }

        Expression text = ExpressionFactory.Cast(
            new ColumnExpression(column.Id, column.Name, column.Type), type, position);
        return new LogicalProject(
            query,
            [new ProjectedColumn(text, binder.Identifiers.NewColumn(column.Name, type))]);
    }

    private static void RequireOneColumn(LogicalNode query, SourcePosition position)
    {
        if (query.Output.Count != 1)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"A subquery used as a value gives {query.Output.Count} columns; it must give 1.",
                position);
        }
    }
}
