namespace NeuroDb.Query;

/// <summary>
/// Functions of numbers. A result that does not exist, such as sqrt(-1), is NULL.
/// </summary>
internal static class MathFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("abs", 1, 1, call => Rounding(call, NumberRounding.Absolute)),
        new("sign", 1, 1, Sign),
        new("floor", 1, 1, call => Rounding(call, NumberRounding.Floor)),
        new("ceil", 1, 1, call => Rounding(call, NumberRounding.Ceiling)),
        new("ceiling", 1, 1, call => Rounding(call, NumberRounding.Ceiling)),
        new("trunc", 1, 2, call => Digits(call, MidpointRounding.ToZero)),
        new("round", 1, 2, call => Digits(call, MidpointRounding.AwayFromZero)),
        new("mod", 2, 2, call => ExpressionFactory.Binary(
            BinaryOperator.Modulo, call.Arguments[0], call.Arguments[1], call.Position)),
        OfDouble("sqrt", Math.Sqrt),
        OfDouble("cbrt", CubeRoot),
        OfDouble("exp", Math.Exp),
        OfDouble("ln", Logarithm(Math.Log)),
        OfDouble("log10", Logarithm(Math.Log10)),
        OfDouble("log2", Logarithm(Math.Log2)),
        new("log", 1, 2, Log),
        OfDoubles("power", Math.Pow),
        OfDoubles("pow", Math.Pow),
        OfDouble("sin", Math.Sin),
        OfDouble("cos", Math.Cos),
        OfDouble("tan", Math.Tan),
        OfDouble("asin", Math.Asin),
        OfDouble("acos", Math.Acos),
        OfDouble("atan", Math.Atan),
        OfDouble("sinh", Math.Sinh),
        OfDouble("cosh", Math.Cosh),
        OfDouble("tanh", Math.Tanh),
        OfDouble("asinh", Math.Asinh),
        OfDouble("acosh", Math.Acosh),
        OfDouble("atanh", Math.Atanh),
        OfDouble("cot", x => 1 / Math.Tan(x)),
        OfDoubles("atan2", Math.Atan2),
        OfDouble("degrees", x => x * (180 / Math.PI)),
        OfDouble("radians", x => x * (Math.PI / 180)),
        new("pi", 0, 0, call => ExpressionFactory.Literal(Value.Of(Math.PI), call.Position)),
    ];

    // The roots of whole cubes are whole.
    private static double CubeRoot(double number)
    {
        double root = Math.Cbrt(number);
        double whole = Math.Round(root);
        return whole * whole * whole == number ? whole : root;
    }

    private static FunctionDefinition OfDouble(string name, Func<double, double> function) =>
        new(name, 1, 1, call =>
            call.Make(DataType.Double, RowLoops.Of(function), [call.Double(0)]));

    private static FunctionDefinition OfDoubles(
        string name, Func<double, double, double> function) =>
        new(name, 2, 2, call => call.Make(
            DataType.Double, RowLoops.Of(function), [call.Double(0), call.Double(1)]));

    private static Func<double, double> Logarithm(Func<double, double> function) =>
        x => x > 0 ? function(x) : double.NaN;

    private static Expression Log(FunctionCall call) => call.Count == 1
        ? call.Make(DataType.Double, RowLoops.Of(Logarithm(Math.Log10)), [call.Double(0)])
        : call.Make(
            DataType.Double,
            RowLoops.Of<double, double, double>(
                (b, x) => b > 0 && b != 1 && x > 0 ? Math.Log(x) / Math.Log(b) : double.NaN),
            [call.Double(0), call.Double(1)]);

    private static Expression Sign(FunctionCall call)
    {
        Expression number = NumberRounding.Number(call);
        return number.Type.Physical switch
        {
            PhysicalKind.Int64 => call.Make(
                DataType.Integer, RowLoops.Of<long, long>(x => Math.Sign(x)), [number]),
            PhysicalKind.Decimal => call.Make(
                DataType.Decimal, RowLoops.Of<decimal, decimal>(x => Math.Sign(x)), [number]),
            _ => call.Make(
                DataType.Double,
                RowLoops.Of<double, double>(x => double.IsNaN(x) ? x : Math.Sign(x)),
                [number]),
        };
    }

    private static Expression Rounding(FunctionCall call, NumberRounding rounding)
    {
        Expression number = NumberRounding.Number(call);
        return number.Type.Physical switch
        {
            PhysicalKind.Int64 => call.Make(
                DataType.BigInt, RowLoops.Of(rounding.OfLong), [number]),
            PhysicalKind.Decimal => call.Make(
                DataType.Decimal, RowLoops.Of(rounding.OfDecimal), [number]),
            _ => call.Make(DataType.Double, RowLoops.Of(rounding.OfDouble), [number]),
        };
    }

    /// <summary>round and trunc to digits behind the point, or before it if negative.</summary>
    private static Expression Digits(FunctionCall call, MidpointRounding mode)
    {
        Expression number = NumberRounding.Number(call);
        Expression digits = call.Count > 1
            ? call.Whole(1)
            : new ConstantExpression(Value.Of(0L), DataType.BigInt);
        return number.Type.Physical switch
        {
            PhysicalKind.Int64 => call.Make(
                DataType.BigInt,
                RowLoops.Of<long, long, long>((x, n) => NumberRounding.Digits(x, n, mode)),
                [number, digits]),
            PhysicalKind.Decimal => call.Make(
                DataType.Decimal,
                RowLoops.Of<decimal, long, decimal>(
                    (x, n) => NumberRounding.Digits(x, n, mode)),
                [number, digits]),
            _ => call.Make(
                DataType.Double,
                RowLoops.Of<double, long, double>((x, n) => NumberRounding.Digits(x, n, mode)),
                [number, digits]),
        };
    }
}
