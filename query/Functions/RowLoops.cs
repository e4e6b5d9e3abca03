namespace NeuroDb.Query;

/// <summary>
/// Turns functions of single values into function bodies: NULL for rows where an argument is
/// NULL, where the function gives a null reference, or where it gives no number.
/// </summary>
internal static class RowLoops
{
    /// <summary>A body of one argument.</summary>
    public static FunctionBody Of<T, TResult>(Func<T, TResult> function) => (arguments, run) =>
    {
        byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
        var first = new Operand<T>(arguments[0], run.Count);
        var result = new TResult[run.Count];
        for (int i = 0; i < result.Length; i++)
        {
            if (nulls is null || nulls[i] == 0)
            {
                result[i] = function(first[i]);
            }
        }

        return Finish(run, result, nulls);
    };

    /// <summary>A body of two arguments.</summary>
    public static FunctionBody Of<T1, T2, TResult>(Func<T1, T2, TResult> function) =>
        (arguments, run) =>
        {
            byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
            var first = new Operand<T1>(arguments[0], run.Count);
            var second = new Operand<T2>(arguments[1], run.Count);
            var result = new TResult[run.Count];
            for (int i = 0; i < result.Length; i++)
            {
                if (nulls is null || nulls[i] == 0)
                {
                    result[i] = function(first[i], second[i]);
                }
            }

            return Finish(run, result, nulls);
        };

    /// <summary>
    /// A body of two arguments whose function takes long and looks for cancellation itself.
    /// </summary>
    public static FunctionBody OfLong<T1, T2, TResult>(
        Func<T1, T2, ExecutionContext, TResult> function) => (arguments, run) =>
            Of<T1, T2, TResult>((first, second) => function(first, second, run.Context))(
                arguments, run);

    /// <summary>A body of three arguments.</summary>
    public static FunctionBody Of<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function) =>
        (arguments, run) =>
        {
            byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
            var first = new Operand<T1>(arguments[0], run.Count);
            var second = new Operand<T2>(arguments[1], run.Count);
            var third = new Operand<T3>(arguments[2], run.Count);
            var result = new TResult[run.Count];
            for (int i = 0; i < result.Length; i++)
            {
                if (nulls is null || nulls[i] == 0)
                {
                    result[i] = function(first[i], second[i], third[i]);
                }
            }

            return Finish(run, result, nulls);
        };

    private static ColumnBuffer<TResult> Finish<TResult>(
        FunctionRun run, TResult[] result, byte[]? nulls)
    {
        if (result is double[] numbers)
        {
            DoubleArithmetic.NullWhereNaN(numbers, ref nulls);
        }
        else if (!typeof(TResult).IsValueType)
        {
            for (int i = 0; i < result.Length; i++)
            {
                if (result[i] is null)
                {
                    nulls ??= new byte[result.Length];
                    nulls[i] = 1;
                }
            }
        }

        return new ColumnBuffer<TResult>(run.Type, result, 0, run.Count, new NullMask(nulls));
    }
}
