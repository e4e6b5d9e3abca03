namespace NeuroDb.Query;

/// <summary>
/// + - * / of dates, points in time and intervals, as in PostgreSQL: an interval is added month by
/// month, then day by day, then by the clock; the difference of two points in time has days and
/// what is shorter; the difference of two dates is a number.
/// </summary>
internal static class TimeArithmetic
{
    /// <summary>Binds one of the operators, of which an operand is a time or an interval.</summary>
    public static Expression Bind(FunctionCall call) => call.Name switch
    {
        "+" => Sum(call),
        "-" => Difference(call),
        "*" when call.TypeOf(0).Kind == TypeKind.Interval => Product(call, 0, 1),
        "*" when call.TypeOf(1).Kind == TypeKind.Interval => Product(call, 1, 0),
        "/" when call.TypeOf(0).Kind == TypeKind.Interval => Quotient(call),
        _ => throw Mismatch(call),
    };

    private static Expression Sum(FunctionCall call)
    {
        (DataType left, DataType right) = (call.TypeOf(0), call.TypeOf(1));
        if (left.Kind == TypeKind.Interval || right.Kind == TypeKind.Interval)
        {
            int span = right.Kind == TypeKind.Interval ? 1 : 0;
            return SumWithInterval(call, 1 - span, span);
        }

        if ((left.Kind, right.Kind) is (TypeKind.Date, TypeKind.Time)
            or (TypeKind.Time, TypeKind.Date))
        {
            int day = left.Kind == TypeKind.Date ? 0 : 1;
            return call.Make(
                DataType.Timestamp,
                RowLoops.Of<long, long, long>(static (point, clock) => point + clock),
                [call.As(day, DataType.Timestamp), call.Arguments[1 - day]]);
        }

        int date = left.Kind == TypeKind.Date ? 0 : 1;
        if (call.TypeOf(date).Kind == TypeKind.Date && IsCount(call.TypeOf(1 - date)))
        {
            return call.Make(
                DataType.Date,
                RowLoops.Of<long, long, long>(Days),
                [call.Arguments[date], call.Whole(1 - date)]);
        }

        int time = IsTime(left) ? 0 : 1;
        return IsText(call.Arguments[1 - time])
            ? Add(call, call.Arguments[time], call.As(1 - time, DataType.Interval), 1)
            : throw Mismatch(call);
    }

    private static Expression SumWithInterval(FunctionCall call, int other, int span)
    {
        Expression operand = call.Arguments[other];
        Expression interval = call.Arguments[span];
        if (operand.Type.Kind == TypeKind.Time)
        {
            return Turn(call, operand, interval, 1);
        }

        if (IsTime(operand.Type))
        {
            return Add(call, operand, interval, 1);
        }

        if (operand.Type.Kind is not (TypeKind.Interval or TypeKind.Null)
            && !Coercion.IsFlexible(operand))
        {
            throw Mismatch(call);
        }

        // A text beside an interval is one itself where it reads as one, else a point in time.
        bool isTime = operand.Type.Kind == TypeKind.Text
            && !(operand is ConstantExpression { Value.IsNull: false } constant
                && TimeIntervalText.TryParse(constant.Value.AsText(), out _));
        return isTime
            ? Add(call, Coercion.To(operand, DataType.Timestamp, call.Position), interval, 1)
            : call.Make(
                DataType.Interval,
                RowLoops.Of<TimeInterval, TimeInterval, TimeInterval>(
                    static (a, b) => a + b),
                [call.As(other, DataType.Interval), interval]);
    }

    private static Expression Difference(FunctionCall call)
    {
        (DataType left, DataType right) = (call.TypeOf(0), call.TypeOf(1));
        if (left.Kind == TypeKind.Interval)
        {
            return call.Make(
                DataType.Interval,
                RowLoops.Of<TimeInterval, TimeInterval, TimeInterval>(static (a, b) => a - b),
                [call.Arguments[0], call.As(1, DataType.Interval)]);
        }

        if (left.Kind == TypeKind.Time)
        {
            return right.Kind == TypeKind.Interval
                ? Turn(call, call.Arguments[0], call.Arguments[1], -1)
                : right.Kind == TypeKind.Time || Coercion.IsFlexible(call.Arguments[1])
                    ? call.Make(
                        DataType.Interval,
                        RowLoops.Of<long, long, TimeInterval>(
                            static (a, b) => new TimeInterval(0, 0, a - b)),
                        [call.Arguments[0], call.As(1, DataType.Time)])
                    : throw Mismatch(call);
        }

        if (right.Kind == TypeKind.Interval)
        {
            Expression time = IsTime(left)
                ? call.Arguments[0]
                : call.As(0, DataType.Timestamp);
            return Add(call, time, call.Arguments[1], -1);
        }

        if (left.Kind == TypeKind.Date && IsCount(right))
        {
            return call.Make(
                DataType.Date,
                RowLoops.Of<long, long, long>(static (a, b) => Days(a, -b)),
                [call.Arguments[0], call.Whole(1)]);
        }

        return left.Kind == TypeKind.Date
            && (right.Kind == TypeKind.Date || Coercion.IsFlexible(call.Arguments[1]))
            ? call.Make(
                DataType.BigInt,
                RowLoops.Of<long, long, long>(static (a, b) => a - b),
                [call.Arguments[0], call.As(1, DataType.Date)])
            : TimeDifference(call);
    }

    private static Expression TimeDifference(FunctionCall call)
    {
        DataType common = Coercion.CommonType(call.Arguments, call.Name, call.Position);
        if (!IsTime(common))
        {
            throw Mismatch(call);
        }

        DataType type = common.Kind == TypeKind.Date ? DataType.Timestamp : common;
        return call.Make(
            DataType.Interval,
            RowLoops.Of<long, long, TimeInterval>(Between),
            [
                Coercion.To(call.Arguments[0], type, call.Position),
                Coercion.To(call.Arguments[1], type, call.Position),
            ]);
    }

    private static Expression Add(
        FunctionCall call, Expression time, Expression interval, int sign)
    {
        if (time.Type.Kind != TypeKind.TimestampTz)
        {
            return call.Make(
                DataType.Timestamp,
                RowLoops.Of<long, TimeInterval, long>(
                    (point, span) => (span * (long)sign).AddTo(point)),
                [Coercion.To(time, DataType.Timestamp, call.Position), interval]);
        }

        // Months and days are those of the clock on the wall, the rest is time that passes.
        return call.Make(
            DataType.TimestampTz,
            (arguments, run) =>
            {
                TimeZoneInfo zone = run.Context.TimeZone;
                return RowLoops.Of<long, TimeInterval, long>((point, span) =>
                    TimeZones.Add(point, span * (long)sign, zone))(arguments, run);
            },
            [time, interval],
            FunctionVolatility.Stable);
    }

    // A clock goes round: 23:00 and two hours are 01:00; days and months turn it whole.
    private static Expression Turn(
        FunctionCall call, Expression time, Expression interval, int sign) => call.Make(
            DataType.Time,
            RowLoops.Of<long, TimeInterval, long>((clock, span) => DateTimeText.ClockOf(
                clock + (sign * (span.Microseconds % TimeInterval.MicrosecondsPerDay)))),
            [time, interval]);

    private static Expression Product(FunctionCall call, int span, int factor) =>
        call.TypeOf(factor).IsInteger
            ? call.Make(
                DataType.Interval,
                RowLoops.Of<TimeInterval, long, TimeInterval>(static (a, b) => a * b),
                [call.Arguments[span], call.Whole(factor)])
            : call.Make(
                DataType.Interval,
                RowLoops.Of<TimeInterval, double, TimeInterval>(static (a, b) => a * b),
                [call.Arguments[span], call.Double(factor)]);

    // By 0 it is NULL, as all division.
    private static Expression Quotient(FunctionCall call) => call.Make(
        DataType.Interval,
        RowLoops.Of<TimeInterval, double, TimeInterval>(static (a, b) => a / b),
        [
            call.Arguments[0],
            Coercion.To(
                FunctionRegistry.Bind(
                    "nullif",
                    [call.Double(1), ExpressionFactory.Literal(Value.Of(0.0), call.Position)],
                    call.Position),
                DataType.Double,
                call.Position),
        ]);

    private static TimeInterval Between(long later, long earlier)
    {
        (long days, long rest) = Math.DivRem(
            checked(later - earlier), TimeInterval.MicrosecondsPerDay);
        return new TimeInterval(0, (int)days, rest);
    }

    private static long Days(long date, long days)
    {
        long sum = Math.Abs(days) < 10_000_000 ? date + days : long.MaxValue;
        return sum != long.MaxValue && DateTimeText.TryDate(sum, out _)
            ? sum
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "The date is outside the years 0001 to 9999.");
    }

    private static bool IsTime(DataType type) =>
        type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz;

    private static bool IsCount(DataType type) => type.IsInteger || type.Kind == TypeKind.Null;

    private static bool IsText(Expression expression) =>
        expression.Type.Kind == TypeKind.Text && Coercion.IsFlexible(expression);

    private static NeuroStoreException Mismatch(FunctionCall call) =>
        Coercion.Mismatch(call.Name, call.TypeOf(0), call.TypeOf(1), call.Position);
}
