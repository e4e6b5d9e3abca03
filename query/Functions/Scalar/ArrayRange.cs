namespace NeuroDb.Query;

/// <summary>
/// range ([start,] stop [, step]) as a value: the array of the whole numbers from start, which is 0
/// at first, up to stop, which is not among them.
/// </summary>
internal static class ArrayRange
{
    private const int CountMax = 10_000_000;

    /// <summary>The call.</summary>
    public static Expression Bind(FunctionCall call) => ArrayFunctions.Each(
        call,
        DataType.ArrayOf(DataType.BigInt),
        [.. Enumerable.Range(0, call.Count).Select(call.Whole)],
        row => Make(row, call.Position));

    private static Value Make(Value[] row, SourcePosition position)
    {
        long start = row.Length == 1 ? 0 : row[0].AsInt64();
        long stop = row[row.Length == 1 ? 0 : 1].AsInt64();
        long step = row.Length < 3 ? 1 : row[2].AsInt64();
        if (step == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "The step of range may not be 0.", position);
        }

        Int128 distance = ((Int128)stop - start) / step;
        Int128 count = ((Int128)stop - start) % step == 0 ? distance : distance + 1;
        count = (stop > start) == (step > 0) && stop != start ? count : 0;
        if (count > CountMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"range would make an array of {count} elements; the most are {CountMax}.",
                position);
        }

        return ArrayCodec.ToValue(
            TypeKind.BigInt,
            Enumerable.Range(0, (int)count).Select(i => Value.Of(start + (i * step))));
    }
}
