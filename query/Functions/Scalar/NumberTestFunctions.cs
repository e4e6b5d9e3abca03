using System.Numerics;

namespace NeuroDb.Query;

/// <summary>
/// What kind of number a number is, its bits and its digits, and how many arguments are NULL.
/// </summary>
internal static class NumberTestFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Test("isnan", double.IsNaN),
        Test("isinf", double.IsInfinity),
        new("isfinite", 1, 1, static call => call.TypeOf(0).Kind is TypeKind.Date
            or TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.Interval
            ? call.Make(DataType.Boolean, RowLoops.Of<long, long>(static _ => 1), [call.Whole(0)])
            : call.Make(
                DataType.Boolean,
                RowLoops.Of<double, long>(static number => double.IsFinite(number) ? 1 : 0),
                [call.Double(0)])),
        new("xor", 2, 2, static call => BitFunctions.Takes(call.Arguments[0], call.Arguments[1])
            ? BitFunctions.Xor(call)
            : call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long, long>(static (left, right) => left ^ right),
            [call.Whole(0), call.Whole(1)])),
        new("bit_count", 1, 1, static call => call.TypeOf(0).Kind == TypeKind.BitString
            ? BitFunctions.Count(call)
            : call.Make(
            DataType.BigInt,
            RowLoops.Of<long, long>(static number => BitOperations.PopCount((ulong)number)),
            [call.Whole(0)])),
        new("even", 1, 1, static call => call.Make(
            DataType.Double, RowLoops.Of<double, double>(Even), [call.Double(0)])),
        new("scale", 1, 1, static call => call.Make(
            DataType.BigInt,
            RowLoops.Of<decimal, long>(static number => number.Scale),
            [call.As(0, DataType.Decimal)])),
        new("min_scale", 1, 1, static call => call.Make(
            DataType.BigInt,
            RowLoops.Of<decimal, long>(static number => Trimmed(number).Scale),
            [call.As(0, DataType.Decimal)])),
        new("trim_scale", 1, 1, static call => call.Make(
            DataType.Decimal,
            RowLoops.Of<decimal, decimal>(Trimmed),
            [call.As(0, DataType.Decimal)])),
        new("num_nulls", 1, int.MaxValue, static call => CountNulls(call, counted: true)),
        new("num_nonnulls", 1, int.MaxValue, static call => CountNulls(call, counted: false)),
    ];

    private static FunctionDefinition Test(string name, Func<double, bool> test) =>
        new(name, 1, 1, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<double, long>(number => test(number) ? 1 : 0),
            [call.Double(0)]));

    // Away from zero to an even whole number.
    private static double Even(double number)
    {
        double half = Math.Abs(number) / 2;
        return Math.CopySign(Math.Ceiling(half) * 2, number);
    }

    private static decimal Trimmed(decimal number)
    {
        while (number.Scale > 0 && decimal.Round(number, number.Scale - 1) == number)
        {
            number = decimal.Round(number, number.Scale - 1);
        }

        return number;
    }

    private static Expression CountNulls(FunctionCall call, bool counted) => call.Make(
        DataType.BigInt,
        (columns, run) =>
        {
            var result = new long[run.Count];
            foreach (ColumnBuffer column in columns)
            {
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] += column.IsNull(column.Count == 1 ? 0 : i) == counted ? 1 : 0;
                }
            }

            return new ColumnBuffer<long>(DataType.BigInt, result);
        },
        call.Arguments);
}
