namespace NeuroDb.Query;

/// <summary>nextval, currval, lastval and setval.</summary>
internal static class SequenceFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("nextval", 1, 1, call => Make(call, (arguments, row, context) =>
            context.Sequences.Next(TextOf(arguments[0], row), context))),
        new("currval", 1, 1, call => Make(call, (arguments, row, context) =>
            context.Changes.SequenceOf(TextOf(arguments[0], row)))),
        new("lastval", 0, 0, call => Make(call, (_, _, context) =>
            context.Changes.SequenceOf(null))),
        new("setval", 2, 3, call => call.Make(
            DataType.BigInt,
            Rows((arguments, row, context) =>
            {
                long value = ValueOf(arguments[1], row).AsInt64();
                bool isCalled = arguments.Length < 3 || ValueOf(arguments[2], row).AsBoolean();
                context.Sequences.Set(TextOf(arguments[0], row), value, isCalled, context);
                return value;
            }),
            call.Count == 2
                ? [call.Text(0), call.Whole(1)]
                : [call.Text(0), call.Whole(1), call.As(2, DataType.Boolean)],
            FunctionVolatility.Volatile)),
    ];

    private static Expression Make(
        FunctionCall call, Func<ColumnBuffer[], int, ExecutionContext, long> take) =>
        call.Make(
            DataType.BigInt,
            Rows(take),
            [.. Enumerable.Range(0, call.Count).Select(call.Text)],
            FunctionVolatility.Volatile);

    private static FunctionBody Rows(Func<ColumnBuffer[], int, ExecutionContext, long> take) =>
        (arguments, run) =>
        {
            var result = new long[run.Count];
            byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
            for (int i = 0; i < result.Length; i++)
            {
                if (nulls is null || nulls[i] == 0)
                {
                    result[i] = take(arguments, i, run.Context);
                }
            }

            return new ColumnBuffer<long>(
                DataType.BigInt, result, 0, result.Length, new NullMask(nulls));
        };

    private static Value ValueOf(ColumnBuffer column, int row) =>
        column.GetValue(column.Count == 1 ? 0 : row);

    private static string TextOf(ColumnBuffer column, int row) => ValueOf(column, row).AsText();
}
