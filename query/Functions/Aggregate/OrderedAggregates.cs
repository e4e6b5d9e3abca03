namespace NeuroDb.Query;

/// <summary>Binds the aggregates that look at sorted rows: percentiles, median and mode.</summary>
internal static class OrderedAggregates
{
    /// <summary>Whether a name is one of theirs.</summary>
    public static bool Contains(string name) =>
        name is "percentile_cont" or "percentile_disc" or "median" or "mode";

    /// <summary>The aggregate; the order is that of WITHIN GROUP, if there is one.</summary>
    public static AggregateFunction Resolve(
        FunctionCall call, IReadOnlyList<SortKey> order, bool isDistinct)
    {
        bool needsShare = call.Name is "percentile_cont" or "percentile_disc";
        int expected = needsShare ? 1 : order.Count == 0 ? 1 : 0;
        if (call.Count != expected || order.Count > 1 || (needsShare && order.Count == 0)
            || (call.Name == "median" && order.Count > 0))
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                needsShare
                    ? $"Write {call.Name}(share) WITHIN GROUP (ORDER BY value)."
                    : $"Write {call.Name}(value).",
                call.Position);
        }

        SortKey key = order.Count > 0
            ? order[0]
            : new SortKey(call.Arguments[0], false, true);
        return call.Name == "mode"
            ? Mode(call, key, isDistinct)
            : Percentile(call, key, isDistinct);
    }

    private static AggregateFunction Mode(FunctionCall call, SortKey key, bool isDistinct)
    {
        DataType type = key.Expression.Type;
        return new AggregateFunction(
            call.Name, type, [key.Expression], isDistinct, () => new ModeState(type, key))
        {
            HasWindowForm = false,
            Sorted = key,
        };
    }

    private static AggregateFunction Percentile(
        FunctionCall call, SortKey key, bool isDistinct)
    {
        bool isContinuous = call.Name != "percentile_disc";
        Expression share = call.Name == "median"
            ? new ConstantExpression(Value.Of(0.5), DataType.Double)
            : call.Double(0);
        Expression value = key.Expression;
        if (isContinuous)
        {
            value = Coercion.IsNumberLike(value.Type) || Coercion.IsFlexible(value)
                ? Coercion.To(value, DataType.Double, call.Position)
                : throw new NeuroStoreException(
                    ErrorCode.TypeMismatch,
                    $"{call.Name} expects numbers, {value} is {value.Type}.",
                    call.Position);
        }

        DataType type = value.Type;
        return new AggregateFunction(
            call.Name,
            type,
            [share, value],
            isDistinct,
            () => new PercentileState(type, isContinuous, key))
        {
            HasWindowForm = false,
            Sorted = key,
            DistinctOrdinal = 1,
        };
    }
}
