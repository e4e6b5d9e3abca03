namespace NeuroDb.Query;

/// <summary>
/// The operators || + - * / % where an operand is no number: text, vectors, times.
/// </summary>
internal static class OperatorFunctions
{
    /// <summary>The operators.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("||", 2, 2, Concatenate),
        new("+", 2, 2, Arithmetic),
        new("-", 2, 2, Arithmetic),
        new("*", 2, 2, Arithmetic),
        new("/", 2, 2, Arithmetic),
        new("%", 2, 2, Arithmetic),
    ];

    private static Expression Concatenate(FunctionCall call)
    {
        (TypeKind left, TypeKind right) = (call.TypeOf(0).Kind, call.TypeOf(1).Kind);
        if (call.TypeOf(0).IsVector && call.TypeOf(1).IsVector)
        {
            return VectorArithmetic.Concatenation(call);
        }

        if (left == TypeKind.Blob && right == TypeKind.Blob)
        {
            return call.Make(
                DataType.Blob,
                RowLoops.Of<byte[], byte[], byte[]>((a, b) => [.. a, .. b]),
                call.Arguments);
        }

        return call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>(string.Concat),
            [call.Text(0), call.Text(1)]);
    }

    private static Expression Arithmetic(FunctionCall call)
    {
        (DataType left, DataType right) = (call.TypeOf(0), call.TypeOf(1));
        if (left.IsVector || right.IsVector)
        {
            return VectorArithmetic.Bind(call);
        }

        return DateArithmetic(call, left, right);
    }

    /// <summary>date + days, date - days, date - date = days; as in PostgreSQL.</summary>
    private static Expression DateArithmetic(FunctionCall call, DataType left, DataType right)
    {
        bool isSum = call.Name == "+";
        if (!isSum && call.Name != "-")
        {
            throw Coercion.Mismatch(call.Name, left, right, call.Position);
        }

        if (!isSum && left.Kind == TypeKind.Date
            && (right.Kind == TypeKind.Date || Coercion.IsFlexible(call.Arguments[1])))
        {
            return call.Make(
                DataType.BigInt,
                RowLoops.Of<long, long, long>((a, b) => a - b),
                [call.Arguments[0], call.As(1, DataType.Date)]);
        }

        if (left.Kind == TypeKind.Date && (right.IsInteger || right.Kind == TypeKind.Null))
        {
            return call.Make(
                DataType.Date,
                RowLoops.Of<long, long, long>((a, b) => Days(a, isSum ? b : -b)),
                [call.Arguments[0], call.Whole(1)]);
        }

        if (isSum && right.Kind == TypeKind.Date && (left.IsInteger || left.Kind == TypeKind.Null))
        {
            return call.Make(
                DataType.Date,
                RowLoops.Of<long, long, long>(Days),
                [call.Arguments[1], call.Whole(0)]);
        }

        throw Coercion.Mismatch(call.Name, left, right, call.Position);
    }

    private static long Days(long date, long days)
    {
        long sum = Math.Abs(days) < 10_000_000 ? date + days : long.MaxValue;
        return sum != long.MaxValue && DateTimeText.TryDate(sum, out _)
            ? sum
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "The date is outside the years 0001 to 9999.");
    }
}
