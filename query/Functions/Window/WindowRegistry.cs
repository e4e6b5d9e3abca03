namespace NeuroDb.Query;

/// <summary>The window functions that are no aggregates, by name, with their type rules.</summary>
internal static class WindowRegistry
{
    private static readonly Dictionary<string, (WindowKind Kind, int Min, int Max)> Functions =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["row_number"] = (WindowKind.RowNumber, 0, 0),
            ["rank"] = (WindowKind.Rank, 0, 0),
            ["dense_rank"] = (WindowKind.DenseRank, 0, 0),
            ["percent_rank"] = (WindowKind.PercentRank, 0, 0),
            ["cume_dist"] = (WindowKind.CumulativeDistribution, 0, 0),
            ["ntile"] = (WindowKind.Tile, 1, 1),
            ["lag"] = (WindowKind.Lag, 1, 3),
            ["lead"] = (WindowKind.Lead, 1, 3),
            ["first_value"] = (WindowKind.First, 1, 1),
            ["last_value"] = (WindowKind.Last, 1, 1),
            ["nth_value"] = (WindowKind.Nth, 2, 2),
        };

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names => Functions.Keys;

    /// <summary>Whether a window function has that name.</summary>
    public static bool Contains(string name) => Functions.ContainsKey(name);

    /// <summary>Binds a call, or raises an error that says what is wrong with it.</summary>
    public static WindowCall Resolve(FunctionCall call, WindowFrame frame, bool ignoresNulls)
    {
        (WindowKind kind, int min, int max) = Functions[call.Name];
        if (call.Count < min || call.Count > max)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongArgumentCount,
                $"{call.Name} does not take {call.Count} argument(s).",
                call.Position);
        }

        bool readsFrame = kind is WindowKind.First or WindowKind.Last or WindowKind.Nth;
        bool readsRows = readsFrame || kind is WindowKind.Lag or WindowKind.Lead;
        if (ignoresNulls && !readsRows)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                $"IGNORE NULLS has no meaning for {call.Name}, which reads no values.",
                call.Position);
        }

        return new WindowCall(
            kind,
            call.Name,
            readsRows ? call.TypeOf(0) : TypeOf(kind),
            [.. BindArguments(kind, call)],
            null,
            readsFrame ? frame : null,
            ignoresNulls);
    }

    private static DataType TypeOf(WindowKind kind) =>
        kind is WindowKind.PercentRank or WindowKind.CumulativeDistribution
            ? DataType.Double
            : DataType.BigInt;

    private static IEnumerable<Expression> BindArguments(WindowKind kind, FunctionCall call)
    {
        for (int i = 0; i < call.Count; i++)
        {
            yield return (kind, i) switch
            {
                (WindowKind.Tile, _) => call.Whole(i),
                (_, 0) => call.Arguments[0],
                (WindowKind.Lag or WindowKind.Lead, 2) => Coercion.CanAssign(
                    call.TypeOf(2), call.TypeOf(0)) || Coercion.IsFlexible(call.Arguments[2])
                    ? Coercion.To(call.Arguments[2], call.TypeOf(0), call.Position)
                    : throw call.Mismatch(2, call.TypeOf(0).ToString()),
                _ => call.Whole(i),
            };
        }
    }
}
