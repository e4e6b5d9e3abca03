namespace NeuroDb.Query;

/// <summary>
/// generate_series (start, stop [, step]) of whole numbers, decimals, and points in time by an
/// interval; range ([start,] stop [, step]) is the same without the stop.
/// </summary>
internal static class SeriesFunctions
{
    private const string RangeName = "range";

    /// <summary>The function for the types of the arguments.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) Bind(
        FunctionCall call)
    {
        if (call is { Name: RangeName, Count: 1 })
        {
            call = new FunctionCall(
                call.Name,
                [
                    new ConstantExpression(Value.Of(0L), DataType.BigInt),
                    call.Arguments[0],
                ],
                call.Position);
        }

        if (call.Count is < 2 or > 3)
        {
            throw TableFunctionRegistry.WrongCount(call, "2 or 3");
        }

        bool isOpen = call.Name == RangeName;

        if (call.Arguments.Any(argument => argument.Type.Kind is TypeKind.Interval
            or TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz))
        {
            return BindTimes(call);
        }

        bool isWhole = call.Arguments.All(argument =>
            argument.Type.IsInteger || Coercion.IsFlexible(argument));
        DataType type = isWhole ? DataType.BigInt : DataType.Decimal;
        IReadOnlyList<Expression> arguments =
            [.. Enumerable.Range(0, call.Count).Select(i => call.As(i, type))];
        SourcePosition position = call.Position;
        return (
            new TableFunction(
                call.Name,
                [(call.Name, type)],
                isWhole
                    ? values => Whole(values, isOpen, position)
                    : values => Decimal(values, isOpen, position)),
            arguments);
    }

    private static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindTimes(
        FunctionCall call)
    {
        if (call.Count != 3)
        {
            throw TableFunctionRegistry.WrongCount(call, "3");
        }

        bool isOpen = call.Name == RangeName;

        SourcePosition position = call.Position;
        DataType type = call.TypeOf(0).Kind == TypeKind.TimestampTz
            || call.TypeOf(1).Kind == TypeKind.TimestampTz
            ? DataType.TimestampTz
            : DataType.Timestamp;
        IEnumerable<Value[]> Run(Value[] values)
        {
            if (values.Any(value => value.IsNull))
            {
                yield break;
            }

            TimeInterval step = values[2].AsInterval();
            bool isForward = step > default(TimeInterval);
            Check(step == default, position);
            long start = values[0].AsInt64();
            long stop = values[1].AsInt64();
            // A step goes on from what the last one gave, as in PostgreSQL: after the 28th of
            // February comes that of March.
            for (long next = start; ; next = step.AddTo(next))
            {
                if ((isForward ? next > stop : next < stop) || (isOpen && next == stop))
                {
                    yield break;
                }

                yield return [Value.OfInt64(type.Kind, next)];
            }
        }

        return (
            new TableFunction(call.Name, [(call.Name, type)], Run),
            [call.As(0, type), call.As(1, type), call.As(2, DataType.Interval)]);
    }

    private static IEnumerable<Value[]> Whole(
        Value[] values, bool isOpen, SourcePosition position)
    {
        if (values.Any(value => value.IsNull))
        {
            yield break;
        }

        long stop = values[1].AsInt64();
        long step = values.Length > 2 ? values[2].AsInt64() : 1;
        Check(step == 0, position);
        for (Int128 next = values[0].AsInt64(); step > 0 ? next <= stop : next >= stop;
            next += step)
        {
            if (isOpen && next == stop)
            {
                yield break;
            }

            yield return [Value.Of((long)next)];
        }
    }

    private static IEnumerable<Value[]> Decimal(
        Value[] values, bool isOpen, SourcePosition position)
    {
        if (values.Any(value => value.IsNull))
        {
            yield break;
        }

        decimal stop = values[1].AsDecimal();
        decimal step = values.Length > 2 ? values[2].AsDecimal() : 1;
        Check(step == 0, position);
        decimal next = values[0].AsDecimal();
        while (step > 0 ? next <= stop : next >= stop)
        {
            if (isOpen && next == stop)
            {
                yield break;
            }

            yield return [Value.Of(next)];
            if (step > 0 ? stop - step < next : stop - step > next)
            {
                yield break;
            }

            next += step;
        }
    }

    private static void Check(bool isZero, SourcePosition position)
    {
        if (isZero)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                "The step of generate_series may not be 0.",
                position);
        }
    }
}
