namespace NeuroDb.Query;

/// <summary>
/// Bodies of functions that need little or nothing of a large value: its reference tells the
/// length, and a part is read from its place.
/// </summary>
internal static class LargeLoops
{
    /// <summary>A body that measures values.</summary>
    /// <param name="measureLarge">Measures a large value.</param>
    /// <param name="measure">Measures another.</param>
    public static FunctionBody Measure<T>(
        Func<LargeReference, long> measureLarge, Func<T, long> measure)
    {
        FunctionBody plain = RowLoops.Of(measure);
        return (arguments, run) => arguments[0].LargeSource is null
            ? plain(arguments, run)
            : Measure((ColumnBuffer<T>)arguments[0], run, measureLarge, measure);
    }

    /// <summary>A body that takes parts of values.</summary>
    /// <param name="takeLarge">Takes a part of a large value.</param>
    /// <param name="take">Takes a part of another.</param>
    public static FunctionBody Part<T>(
        Func<LargeValue, long, long, T> takeLarge, Func<T, long, long, T> take)
    {
        FunctionBody plain = RowLoops.Of(take);
        return (arguments, run) => arguments[0].LargeSource is null
            ? plain(arguments, run)
            : Part(arguments, run, takeLarge, take);
    }

    private static ColumnBuffer<long> Measure<T>(
        ColumnBuffer<T> values,
        FunctionRun run,
        Func<LargeReference, long> measureLarge,
        Func<T, long> measure)
    {
        var result = new long[run.Count];
        byte[]? nulls = ColumnLoops.UnionNulls(run.Count, [values]);
        for (int i = 0; i < result.Length; i++)
        {
            int row = values.Count == 1 ? 0 : i;
            if (nulls is null || nulls[i] == 0)
            {
                result[i] = values.TryGetLarge(row, out LargeReference reference)
                    ? measureLarge(reference)
                    : measure(values.Stored[row]);
            }
        }

        return new ColumnBuffer<long>(run.Type, result, 0, run.Count, new NullMask(nulls));
    }

    private static ColumnBuffer<T> Part<T>(
        ColumnBuffer[] arguments,
        FunctionRun run,
        Func<LargeValue, long, long, T> takeLarge,
        Func<T, long, long, T> take)
    {
        var values = (ColumnBuffer<T>)arguments[0];
        var from = new Operand<long>(arguments[1], run.Count);
        var count = new Operand<long>(arguments[2], run.Count);
        var result = new T[run.Count];
        byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
        for (int i = 0; i < result.Length; i++)
        {
            int row = values.Count == 1 ? 0 : i;
            if (nulls is null || nulls[i] == 0)
            {
                run.Context.ThrowIfCancelled();
                result[i] = values.TryGetLarge(row, out LargeReference reference)
                    ? takeLarge(
                        new LargeValue(reference, values.LargeSource!), from[i], count[i])
                    : take(values.Stored[row], from[i], count[i]);
            }
        }

        return new ColumnBuffer<T>(run.Type, result, 0, run.Count, new NullMask(nulls));
    }
}
