namespace NeuroDb.Query;

/// <summary>Number functions of PostgreSQL beyond the usual ones.</summary>
internal static class FurtherMathFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("gcd", 2, 2, call => call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long, long>(Gcd),
            [call.Whole(0), call.Whole(1)])),
        new("lcm", 2, 2, call => call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long, long>(Lcm),
            [call.Whole(0), call.Whole(1)])),
        new("factorial", 1, 1, call => call.Make(
            DataType.BigInt, RowLoops.Of<long, long>(Factorial), [call.Whole(0)])),
        new("div", 2, 2, call => ExpressionFactory.Call(
            "trunc",
            [ExpressionFactory.Binary(
                BinaryOperator.Divide, call.Arguments[0], call.Arguments[1], call.Position)],
            call.Position)),
        new("width_bucket", 4, 4, BindBucket),
    ];

    private static long Gcd(long left, long right)
    {
        (UInt128 a, UInt128 b) = (Size(left), Size(right));
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return Fit((Int128)a, "gcd");
    }

    private static UInt128 Size(long value) =>
        (UInt128)(value < 0 ? -(Int128)value : (Int128)value);

    private static long Lcm(long left, long right) => left == 0 || right == 0
        ? 0
        : Fit((Int128)(Size(left) / Size(Gcd(left, right)) * Size(right)), "lcm");

    private static long Factorial(long number)
    {
        if (number is < 0 or > 20)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "factorial takes 0 to 20.");
        }

        long product = 1;
        for (long factor = 2; factor <= number; factor++)
        {
            product *= factor;
        }

        return product;
    }

    private static long Fit(Int128 value, string name) =>
        value >= long.MinValue && value <= long.MaxValue
            ? (long)value
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"{name}: {value} does not fit BIGINT.");

    /// <summary>0 below the range, count + 1 above it, else the number of the part.</summary>
    private static Expression BindBucket(FunctionCall call)
    {
        Expression[] arguments =
            [call.Double(0), call.Double(1), call.Double(2), call.Double(3)];
        return call.Make(
            DataType.BigInt,
            (columns, run) =>
            {
                byte[]? nulls = ColumnLoops.UnionNulls(run.Count, columns);
                var value = new Operand<double>(columns[0], run.Count);
                var low = new Operand<double>(columns[1], run.Count);
                var high = new Operand<double>(columns[2], run.Count);
                var count = new Operand<double>(columns[3], run.Count);
                var result = new long[run.Count];
                for (int i = 0; i < result.Length; i++)
                {
                    if (nulls is null || nulls[i] == 0)
                    {
                        result[i] = Bucket(value[i], low[i], high[i], (long)count[i]);
                    }
                }

                return new ColumnBuffer<long>(
                    run.Type, result, 0, run.Count, new NullMask(nulls));
            },
            arguments);
    }

    private static long Bucket(double value, double low, double high, long count)
    {
        if (count < 1 || low == high)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                "width_bucket takes a range of two different ends and at least one part.");
        }

        double share = (value - low) / (high - low);
        return share < 0 ? 0
            : share >= 1 ? count + 1
            : (long)(share * count) + 1;
    }
}
