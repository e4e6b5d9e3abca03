using System.Globalization;

namespace NeuroDb.Query;

/// <summary>abs, floor and ceiling of each kind of number, and rounding to digits.</summary>
internal sealed class NumberRounding
{
    /// <summary>abs().</summary>
    public static readonly NumberRounding Absolute = new()
    {
        OfLong = AbsoluteOf,
        OfDouble = Math.Abs,
        OfDecimal = Math.Abs,
    };

    /// <summary>floor().</summary>
    public static readonly NumberRounding Floor = new()
    {
        OfLong = x => x,
        OfDouble = Math.Floor,
        OfDecimal = Math.Floor,
    };

    /// <summary>ceil().</summary>
    public static readonly NumberRounding Ceiling = new()
    {
        OfLong = x => x,
        OfDouble = Math.Ceiling,
        OfDecimal = Math.Ceiling,
    };

    /// <summary>The function on integers.</summary>
    public required Func<long, long> OfLong { get; init; }

    /// <summary>The function on doubles.</summary>
    public required Func<double, double> OfDouble { get; init; }

    /// <summary>The function on decimals.</summary>
    public required Func<decimal, decimal> OfDecimal { get; init; }

    /// <summary>The first argument as BIGINT, DECIMAL or DOUBLE PRECISION.</summary>
    public static Expression Number(FunctionCall call)
    {
        DataType type = call.TypeOf(0);
        if (type.IsInteger || type.Kind == TypeKind.Boolean)
        {
            return Coercion.To(call.Arguments[0], DataType.BigInt, call.Position);
        }

        return type.Kind == TypeKind.Decimal ? call.Arguments[0] : call.Double(0);
    }

    /// <summary>An integer rounded to 10^-digits; unchanged for digits from 0 on.</summary>
    public static long Digits(long number, long digits, MidpointRounding mode)
    {
        if (digits >= 0)
        {
            return number;
        }

        decimal rounded = Digits((decimal)number, digits, mode);
        return rounded >= long.MinValue && rounded <= long.MaxValue
            ? (long)rounded
            : throw OutOfRange($"round({number}, {digits})");
    }

    /// <summary>A decimal rounded to 10^-digits.</summary>
    public static decimal Digits(decimal number, long digits, MidpointRounding mode)
    {
        if (digits >= 0)
        {
            return Math.Round(number, (int)Math.Min(digits, 28), mode);
        }

        if (digits < -28)
        {
            return 0;
        }

        decimal unit = (decimal)Math.Pow(10, -digits);
        return Math.Round(number / unit, mode) * unit;
    }

    /// <summary>
    /// A double rounded to 10^-digits by its shortest decimal text where that is exact enough, so
    /// that round(2.675, 2) is 2.68 as written.
    /// </summary>
    public static double Digits(double number, long digits, MidpointRounding mode)
    {
        if (!double.IsFinite(number) || digits > 27)
        {
            return number;
        }

        if (digits == 0)
        {
            return Math.Round(number, mode);
        }

        // A decimal of a double has 15 digits.
        double size = Math.Abs(number);
        if (size < 1e15 && size * Math.Pow(10, Math.Max(digits, 0)) < 1e15)
        {
            return (double)Digits((decimal)number, digits, mode);
        }

        if (digits > 0)
        {
            return size < 1e15 && decimal.TryParse(
                number.ToString("R", CultureInfo.InvariantCulture),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out decimal shortest)
                ? (double)Digits(shortest, digits, mode)
                : number;
        }

        double unit = Math.Pow(10, -digits);
        return double.IsInfinity(unit) ? 0 : Math.Round(number / unit, mode) * unit;
    }

    private static long AbsoluteOf(long number) => number == long.MinValue
        ? throw OutOfRange($"abs({number})")
        : Math.Abs(number);

    private static NeuroStoreException OutOfRange(string what) =>
        new(ErrorCode.NumericOutOfRange, $"{what} does not fit BIGINT.");
}
