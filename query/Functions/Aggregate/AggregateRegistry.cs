namespace NeuroDb.Query;

/// <summary>The aggregates by name: argument counts, type rules and states.</summary>
internal static class AggregateRegistry
{
    private static readonly Dictionary<string, (int Min, int Max)> Counts =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["count"] = (0, 1),
            ["sum"] = (1, 1),
            ["avg"] = (1, 1),
            ["total"] = (1, 1),
            ["min"] = (1, 1),
            ["max"] = (1, 1),
            ["array_agg"] = (1, 1),
            ["group_concat"] = (1, 2),
            ["string_agg"] = (1, 2),
            ["listagg"] = (1, 2),
            ["bool_and"] = (1, 1),
            ["bool_or"] = (1, 1),
            ["every"] = (1, 1),
            ["any_value"] = (1, 1),
            ["first"] = (1, 1),
            ["last"] = (1, 1),
            ["list"] = (1, 1),
            ["json_agg"] = (1, 1),
            ["jsonb_agg"] = (1, 1),
            ["json_group_array"] = (1, 1),
            ["json_object_agg"] = (2, 2),
            ["jsonb_object_agg"] = (2, 2),
            ["json_group_object"] = (2, 2),
            ["quantile_cont"] = (2, 2),
            ["quantile_disc"] = (2, 2),
            ["quantile"] = (2, 2),
            ["stddev"] = (1, 1),
            ["stddev_samp"] = (1, 1),
            ["stddev_pop"] = (1, 1),
            ["variance"] = (1, 1),
            ["var_samp"] = (1, 1),
            ["var_pop"] = (1, 1),
            ["count_if"] = (1, 1),
            ["bit_and"] = (1, 1),
            ["bit_or"] = (1, 1),
            ["bit_xor"] = (1, 1),
            ["min_by"] = (2, 2),
            ["max_by"] = (2, 2),
            ["arg_min"] = (2, 2),
            ["arg_max"] = (2, 2),
            ["approx_count_distinct"] = (1, 1),
            ["covar_pop"] = (2, 2),
            ["covar_samp"] = (2, 2),
            ["corr"] = (2, 2),
            ["regr_slope"] = (2, 2),
            ["regr_intercept"] = (2, 2),
            ["regr_r2"] = (2, 2),
            ["regr_avgx"] = (2, 2),
            ["regr_avgy"] = (2, 2),
            ["regr_sxx"] = (2, 2),
            ["regr_syy"] = (2, 2),
            ["regr_sxy"] = (2, 2),
            ["regr_count"] = (2, 2),
            ["percentile_cont"] = (0, 2),
            ["percentile_disc"] = (0, 2),
            ["median"] = (0, 1),
            ["mode"] = (0, 1),
        };

    /// <summary>The names of all aggregates.</summary>
    public static IEnumerable<string> Names => Counts.Keys;

    /// <summary>
    /// Whether a name with that many arguments is an aggregate; max(a, b) and min(a, b) are not.
    /// </summary>
    public static bool IsAggregate(string name, int argumentCount) =>
        Counts.ContainsKey(name)
        && (argumentCount < 2 || !FunctionRegistry.Contains(name));

    /// <summary>Whether the order of an aggregate may stand in WITHIN GROUP.</summary>
    public static bool TakesWithinGroup(string name) => name.ToLowerInvariant() is var key
        && (OrderedAggregates.Contains(key) || key is "listagg" or "string_agg");

    /// <summary>Binds an aggregate, or raises an error that says what is wrong with it.</summary>
    public static AggregateFunction Resolve(
        string name,
        IReadOnlyList<Expression> arguments,
        bool isDistinct,
        SourcePosition position,
        IReadOnlyList<SortKey>? order = null)
    {
        string key = name.ToLowerInvariant();
        if (!Counts.TryGetValue(key, out (int Min, int Max) counts))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownFunction,
                $"No aggregate is named {name}.{NearMatch.Hint(key, Names)}",
                position);
        }

        if (arguments.Count < counts.Min || arguments.Count > counts.Max
            || (isDistinct && arguments.Count == 0))
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{key} does not take {arguments.Count} argument(s).",
                position);
        }

        if (isDistinct && key is "count" or "approx_count_distinct")
        {
            arguments = [CollateExpression.Key(arguments[0])];
        }

        if (key == "listagg")
        {
            return Listed(arguments, isDistinct, position, order);
        }

        var call = new FunctionCall(key, arguments, position);
        if (key.StartsWith("quantile", StringComparison.Ordinal))
        {
            return Quantile(call, isDistinct);
        }

        if (OrderedAggregates.Contains(key))
        {
            return OrderedAggregates.Resolve(call, order ?? [], isDistinct);
        }

        (DataType type, IReadOnlyList<Expression> converted, Func<AggregateState> make) =
            Bind(call);
        bool filters = isDistinct && key is not ("min" or "max" or "any_value" or "first");
        bool isOrdered = order is { Count: > 0 }
            && key is "group_concat" or "string_agg" or "any_value" or "first" or "last"
                or "array_agg" or "list" or "json_agg" or "jsonb_agg" or "json_group_array"
                or "json_object_agg" or "jsonb_object_agg" or "json_group_object";
        return new AggregateFunction(
            key,
            type,
            isOrdered ? [.. converted, .. order!.Select(item => item.Expression)] : converted,
            filters,
            make)
        {
            Order = isOrdered ? order! : [],
        };
    }

    // quantile_cont (value, share) is percentile_cont (share) of the values in order.
    private static AggregateFunction Quantile(FunctionCall call, bool isDistinct) =>
        OrderedAggregates.Resolve(
            new FunctionCall(
                call.Name == "quantile_cont" ? "percentile_cont" : "percentile_disc",
                [call.Arguments[1]],
                call.Position),
            [new SortKey(call.Arguments[0], false, true)],
            isDistinct);

    // The standard's name of string_agg, with nothing between texts if nothing is given.
    private static AggregateFunction Listed(
        IReadOnlyList<Expression> arguments,
        bool isDistinct,
        SourcePosition position,
        IReadOnlyList<SortKey>? order) => Resolve(
            "string_agg",
            arguments.Count == 2
                ? arguments
                : [arguments[0], ExpressionFactory.Literal(Value.Of(string.Empty), position)],
            isDistinct,
            position,
            order);

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Bind(
        FunctionCall call) => call.Name switch
        {
            "count" => (DataType.BigInt, call.Arguments, static () => new CountState()),
            "sum" => Sum(call, SumResult.Sum),
            "avg" => Sum(call, SumResult.Average),
            "total" => Sum(call, SumResult.Total),
            "min" => Extreme(call, isMax: false),
            "max" => Extreme(call, isMax: true),
            "group_concat" or "string_agg" => Concatenation(call),
            "array_agg" or "list" => ArrayOf(call),
            "json_agg" or "jsonb_agg" or "json_group_array" => JsonArray(call),
            "json_object_agg" or "jsonb_object_agg" or "json_group_object" => JsonObject(call),
            "last" => Last(call),
            "bool_and" or "every" => Truth(call, isMax: false),
            "bool_or" => Truth(call, isMax: true),
            "any_value" or "first" => First(call),
            "count_if" => (
                DataType.BigInt,
                [CountedCondition(call)],
                static () => new CountState()),
            "regr_count" => (
                DataType.BigInt,
                [CountedPair(call)],
                static () => new CountState()),
            "bit_and" => Bits(call, static (left, right) => left & right),
            "bit_or" => Bits(call, static (left, right) => left | right),
            "bit_xor" => Bits(call, static (left, right) => left ^ right),
            "min_by" or "arg_min" => BestBy(call, isMax: false),
            "max_by" or "arg_max" => BestBy(call, isMax: true),
            "approx_count_distinct" => (
                DataType.BigInt,
                call.Arguments,
                () => new DistinctEstimateState(call.TypeOf(0))),
            "covar_pop" or "covar_samp" or "corr" or "regr_slope" or "regr_intercept"
                or "regr_r2" or "regr_avgx" or "regr_avgy" or "regr_sxx" or "regr_syy"
                or "regr_sxy" => (
                DataType.Double,
                [call.Double(0), call.Double(1)],
                () => new CovarianceState(call.Name)),
            _ => Variance(call),
        };

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Sum(
        FunctionCall call, SumResult result)
    {
        Expression argument = call.Arguments[0];
        DataType type = argument.Type;
        SourcePosition position = call.Position;
        if (type.IsNumberVector && result != SumResult.Total)
        {
            DataType total = VectorFunctions.ComputedType(type);
            return (
                total,
                [VectorDistance.ToVector(argument, 0, position)],
                () => new VectorSumState(total, result, position));
        }

        if (type.Kind == TypeKind.Interval && result != SumResult.Total)
        {
            return (type, [argument], () => new IntervalSumState(result));
        }

        if (type.Kind == TypeKind.Decimal)
        {
            DataType sum = result == SumResult.Total ? DataType.Double : DataType.Decimal;
            return (sum, [argument], () => new DecimalSumState(result, position));
        }

        if (type.IsInteger || type.Kind is TypeKind.Boolean or TypeKind.Null)
        {
            DataType sum = result == SumResult.Sum ? DataType.BigInt : DataType.Double;
            return (
                sum,
                [Coercion.To(argument, DataType.BigInt, position)],
                () => new LongSumState(result, position));
        }

        return (DataType.Double, [call.Double(0)], () => new DoubleSumState(result));
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Extreme(
        FunctionCall call, bool isMax)
    {
        DataType type = call.TypeOf(0);
        if (call.Arguments[0] is CollateExpression { Collation: not Collation.Binary } text)
        {
            return (
                type,
                [text.Children[0], CollateExpression.Key(text)],
                () => new BestByState(type, PhysicalKind.Text, isMax));
        }

        return (type, call.Arguments, type.Physical switch
        {
            PhysicalKind.Int64 => () => new ExtremeState<long>(type, isMax),
            PhysicalKind.Double => () => new ExtremeState<double>(type, isMax),
            PhysicalKind.Decimal => () => new ExtremeState<decimal>(type, isMax),
            _ => () => AnyKindState.Extreme(type, isMax),
        });
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Truth(
        FunctionCall call, bool isMax) => (
            DataType.Boolean,
            [ExpressionFactory.Condition(call.Arguments[0], call.Position)],
            () => new ExtremeState<long>(DataType.Boolean, isMax));

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) First(
        FunctionCall call)
    {
        DataType type = call.TypeOf(0);
        return (type, call.Arguments, () => AnyKindState.First(type));
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Last(
        FunctionCall call)
    {
        DataType type = call.TypeOf(0);
        return (type, call.Arguments, () => AnyKindState.Last(type));
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) JsonArray(
        FunctionCall call) => (
            DataType.Json,
            [JsonOf(call, 0), Constant(",")],
            static () => new ConcatenationState(DataType.Json, "[", "]"));

    // The name of a member as JSON, a colon and its value.
    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) JsonObject(
        FunctionCall call)
    {
        Expression name = OperatorFactory.Text(
            ExpressionFactory.Call("json_quote", [call.Text(0)], call.Position), call.Position);
        Expression member = ExpressionFactory.Call(
            "concat", [name, Constant(":"), JsonOf(call, 1)], call.Position);
        return (
            DataType.Json,
            [member, Constant(",")],
            static () => new ConcatenationState(DataType.Json, "{", "}"));
    }

    private static Expression JsonOf(FunctionCall call, int ordinal) => OperatorFactory.Text(
        ExpressionFactory.Call("json_quote", [call.Arguments[ordinal]], call.Position),
        call.Position);

    private static ConstantExpression Constant(string text) => new(Value.Of(text), DataType.Text);

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) ArrayOf(
        FunctionCall call)
    {
        DataType element = call.TypeOf(0).Kind switch
        {
            TypeKind.Null => DataType.Text,
            TypeKind.Score or TypeKind.Distance => DataType.Double,
            _ => call.TypeOf(0),
        };
        ArrayFunctions.CheckElement(element, call.Position);
        DataType type = DataType.ArrayOf(element);
        return (
            type,
            [Coercion.To(call.Arguments[0], element, call.Position)],
            () => new ArrayState(type));
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Concatenation(
        FunctionCall call)
    {
        Expression separator = call.Count > 1
            ? call.Text(1)
            : new ConstantExpression(Value.Of(","), DataType.Text);
        return (
            DataType.Text,
            [call.Text(0), separator],
            static () => new ConcatenationState(DataType.Text));
    }

    /// <summary>A condition as what count counts: NULL where it does not hold.</summary>
    private static Expression CountedPair(FunctionCall call) => ExpressionFactory.Case(
        [ExpressionFactory.And([.. call.Arguments.Select(static argument =>
            ExpressionFactory.IsNull(argument, true))], call.Position)],
        [new ConstantExpression(Value.Of(true), DataType.Boolean)],
        null,
        call.Position);

    private static Expression CountedCondition(FunctionCall call)
    {
        Expression condition = ExpressionFactory.Condition(call.Arguments[0], call.Position);
        return ExpressionFactory.Case(
            [condition],
            [new ConstantExpression(Value.Of(true), DataType.Boolean)],
            null,
            call.Position);
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Bits(
        FunctionCall call, Func<long, long, long> combine) =>
        (DataType.BigInt, [call.Whole(0)], () => new BitState(combine));

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) BestBy(
        FunctionCall call, bool isMax)
    {
        DataType type = call.TypeOf(0);
        PhysicalKind key = call.TypeOf(1).Physical;
        return (type, call.Arguments, () => new BestByState(type, key, isMax));
    }

    private static (DataType, IReadOnlyList<Expression>, Func<AggregateState>) Variance(
        FunctionCall call)
    {
        bool isSample = !call.Name.EndsWith("_pop", StringComparison.Ordinal);
        bool isRoot = call.Name.StartsWith("stddev", StringComparison.Ordinal);
        return (
            DataType.Double, [call.Double(0)], () => new VarianceState(isSample, isRoot));
    }
}
