namespace NeuroDb.Query;

/// <summary>
/// Binds expressions over one scope. The clause names the place for messages; aggregates are
/// allowed where there is a collector for them.
/// </summary>
internal sealed partial class ExpressionBinder(Binder binder, Scope scope, string clause)
{
    /// <summary>The names that expressions may use.</summary>
    public Scope Scope { get; } = scope;

    /// <summary>Where aggregates are collected; null where they have no place.</summary>
    public AggregateCollector? Aggregates { get; init; }

    /// <summary>Binds window functions; null where they have no place.</summary>
    public WindowBinder? Windows { get; init; }

    /// <summary>The items of SELECT by name, where they may be used; null elsewhere.</summary>
    public Func<NameSyntax, Expression?>? Aliases { get; init; }

    /// <summary>Names for what is found nowhere else; or null.</summary>
    public ItemAliases? LateAliases { get; init; }

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
        BinaryExpressionSyntax binary => BindBinary(binary),
        LogicalExpressionSyntax logical => BindLogical(logical),
        IsExpressionSyntax test => BindTest(test),
        BetweenExpressionSyntax between => BindBetween(between),
        InListExpressionSyntax { Operand: RowExpressionSyntax } list => Rows.InList(list),
        InListExpressionSyntax list => BindInList(list),
        LikeExpressionSyntax like => BindLike(like),
        ContractExpressionSyntax contract => ContractBinder.Bind(contract, this),
        CaseExpressionSyntax @case => BindCase(@case),
        CastExpressionSyntax cast => BindCast(cast),
        StructExpressionSyntax braces => StructFunctions.Bind(braces, Bind),
        FieldExpressionSyntax field => StructFunctions.Field(
            Bind(field.Operand), field.Field.Name, field.Position),
        FunctionCallSyntax test when DomainRules.IsTest(test) =>
            DomainRules.Test(test, binder, Bind),
        ArrayExpressionSyntax array => ArrayFunctions.Make(
            BindAll(array.Elements), array.Position),
        SubscriptExpressionSyntax place => ArrayFunctions.Subscript(
            Bind(place.Operand),
            place.First is null ? null : Bind(place.First),
            place.Last is null ? null : Bind(place.Last),
            place.IsSlice,
            place.Position),
        AnyElementExpressionSyntax any => AnyElementExpression.Make(
            any.Operator, Bind(any.Operand), Bind(any.Array), any.IsAll, any.Position),
        FunctionCallSyntax { Query: not null } call when ArrayBinder.IsArray(call) =>
            Bind(ArrayBinder.OfQuery(call)),
        FunctionCallSyntax call when ReportBinder.Knows(call) => Bind(ReportBinder.QueryOf(call)),
        FunctionCallSyntax call => BindCall(call),
        SubqueryExpressionSyntax subquery => Queries.BindScalar(subquery),
        ExistsExpressionSyntax exists => Queries.BindExists(exists),
        InQueryExpressionSyntax { Operand: RowExpressionSyntax } query => Rows.InQuery(query),
        InQueryExpressionSyntax query => Queries.BindIn(query),
        RowExpressionSyntax row => StructFunctions.Row(
            [.. row.Items.Select(Bind)], row.Position),
        CollateExpressionSyntax collate => new CollateExpression(
            OperatorFactory.Text(Bind(collate.Operand), collate.Position),
            CollateExpression.Of(collate.Collation)),
        ObjectArgumentSyntax named => throw new NeuroStoreException(
            ErrorCode.MisplacedExpression,
            $"A {named.Kind.ToString().ToLowerInvariant()} is named only as an argument of a "
            + "function that takes one.",
            named.Position),
        LambdaExpressionSyntax lambda => throw ListLambdas.Misplaced(lambda),
        QuantifiedExpressionSyntax quantified => Rows.Quantified(quantified),
        DefaultExpressionSyntax => throw new NeuroStoreException(
            ErrorCode.MisplacedExpression,
            "DEFAULT stands only for a whole value of INSERT or UPDATE.",
            syntax.Position),
        _ => throw Invariant.Broken($"binding of {syntax.GetType().Name}"),
    };

    private RowBinder Rows => new(binder, this);

    private SubqueryBinder Queries => new(binder, this);

    private Expression BindBinary(BinaryExpressionSyntax binary)
    {
        if (binary.Left is RowExpressionSyntax || binary.Right is RowExpressionSyntax)
        {
            return Rows.Compare(
                binary.Operator, binary.Left, binary.Right, binary.Position);
        }

        (Expression left, Expression right) = (Bind(binary.Left), Bind(binary.Right));
        if (binary.Operator is >= BinaryOperator.Equal and <= BinaryOperator.IsDistinctFrom)
        {
            (left, right) = CollateExpression.Keys(left, right);
        }

        return binary.Operator == BinaryOperator.HasWords
            ? TextMatchBinder.Bind(left, right, binder, binary.Position)
            : ExpressionFactory.Binary(binary.Operator, left, right, binary.Position);
    }

    private Expression BindInList(InListExpressionSyntax list)
    {
        Expression operand = Bind(list.Operand);
        List<Expression> items = BindAll(list.Items);
        if (operand is CollateExpression { Collation: var collation })
        {
            operand = CollateExpression.Key(operand);
            items = [.. items.Select(item => CollateExpression.KeyOf(item, collation))];
        }

        return ExpressionFactory.InList(operand, items, list.IsNegated, list.Position);
    }

    private Expression BindBetween(BetweenExpressionSyntax between)
    {
        Expression operand = Bind(between.Operand);
        Expression low = Bind(between.Low);
        Expression high = Bind(between.High);
        if (operand is CollateExpression { Collation: var collation })
        {
            (operand, low, high) = (
                CollateExpression.Key(operand),
                CollateExpression.KeyOf(low, collation),
                CollateExpression.KeyOf(high, collation));
        }

        return ExpressionFactory.Between(
            operand, low, high, between.IsNegated, between.Position);
    }

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
        if (binder.TriggerRow?.Find(name) is { } value)
        {
            return value;
        }

        if (Scope.Find(name) is { } column)
        {
            return column.Expression;
        }

        if (Aliases?.Invoke(name) is { } alias)
        {
            return alias;
        }

        return name.Parts is [{ IsQuoted: false, Name: var word }]
            && word.ToLowerInvariant() is "localtimestamp" or "localtime"
            ? ExpressionFactory.Call(word, [], name.Position)
            : Scope.TryResolve(name) ?? LateAliases?.Find(name, this) ?? BindField(name)
                ?? throw Scope.UnknownColumn(name);
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
        if (test is { Test: TruthTest.Null, Operand: RowExpressionSyntax row })
        {
            return BindRowTest(row, test);
        }

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
        if (like.Kind is LikeKind.Glob or LikeKind.Regexp)
        {
            string name = like.Kind == LikeKind.Glob ? "glob" : "regexp";
            Expression matches =
                ExpressionFactory.Call(name, [pattern, operand], like.Position);
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
        Collation? collation = (operand as CollateExpression)?.Collation;
        operand = operand is null ? null : CollateExpression.Key(operand);
        var branches = new List<(Expression When, Expression Then)>(syntax.Whens.Count);
        foreach (WhenClauseSyntax when in syntax.Whens)
        {
            Expression condition =
                operand is null ? BindCondition(when.Condition) : Bind(when.Condition);
            condition = collation is { } by
                ? CollateExpression.KeyOf(condition, by)
                : condition;
            branches.Add((condition, Bind(when.Result)));
        }

        Expression? otherwise = syntax.Else is null ? null : Bind(syntax.Else);
        return ExpressionFactory.Case(operand, branches, otherwise, syntax.Position);
    }

    /// <summary>What says which columns a row is grouped by.</summary>
    public static IReadOnlyList<string> GroupingNames { get; } = ["grouping", "grouping_id"];

    private Expression BindCall(FunctionCallSyntax call)
    {
        if (PredictionBinder.Knows(call))
        {
            return new PredictionBinder(binder, this).Bind(call);
        }

        if (BindMade(call) is { } made)
        {
            return made;
        }

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

        if (binder.TriggerRow is not null
            && string.Equals(call.Name.Text, "raise", StringComparison.OrdinalIgnoreCase))
        {
            return TriggerRaise.Bind(call);
        }

        int argumentCount = call.IsStar ? 0 : call.Arguments.Count;
        if (ExpressionFactory.IsAggregate(call.Name.Text, argumentCount))
        {
            return BindAggregate(call);
        }

        if (GroupingNames.Contains(call.Name.Text, StringComparer.OrdinalIgnoreCase))
        {
            return BindGrouping(call);
        }

        return BindScalar(call);
    }

    private Expression BindScalar(FunctionCallSyntax call)
    {
        if ((call.IsStar || call.IsDistinct || call.Filter is not null || call.OrderBy.Count > 0)
            && FunctionRegistry.Contains(call.Name.Text))
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{call.Name.Text} is not an aggregate, so *, DISTINCT, ORDER BY and FILTER do not "
                + "apply.",
                call.Position);
        }

        if (StructFunctions.IsPack(call))
        {
            return StructFunctions.BindPack(call, Bind);
        }

        if (call.Inputs.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"{call.Name.Text} reads no model, so USING does not apply.",
                call.Position);
        }

        return BindFunction(call);
    }

    /// <summary>The arguments of a call; named ones are an error.</summary>
    public IReadOnlyList<Expression> BindArguments(FunctionCallSyntax call)
    {
        var arguments = new List<Expression>(call.Arguments.Count);
        if (call.Arguments.Any(argument => argument.Name is not null)
            && NamedArguments.TryFind(call.Name.Text, out string[] names, out long[] usual))
        {
            return NamedArguments.InOrder(call, names, usual, Bind);
        }

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
}
