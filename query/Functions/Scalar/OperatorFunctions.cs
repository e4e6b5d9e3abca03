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
        if (left == TypeKind.Array || right == TypeKind.Array)
        {
            return ArrayFunctions.Concatenate(call);
        }

        if (call.TypeOf(0).IsVector && call.TypeOf(1).IsVector)
        {
            return VectorArithmetic.Concatenation(call);
        }

        if ((left == TypeKind.Json || right == TypeKind.Json)
            && call.Arguments.All(static argument => argument.Type.Kind == TypeKind.Json
                || argument is ConstantExpression { Value: var value } && IsJson(value)))
        {
            return JsonMembers.Concatenate(Of(DataType.Json));
        }

        if (left == TypeKind.BitString && right == TypeKind.BitString)
        {
            return BitFunctions.Concatenate(call);
        }

        if ((left == TypeKind.Blob || right == TypeKind.Blob)
            && call.Arguments.All(static argument => argument.Type.Kind == TypeKind.Blob
                || Coercion.IsFlexible(argument)))
        {
            return call.Make(
                DataType.Blob,
                RowLoops.Of<byte[], byte[], byte[]>((a, b) => [.. a, .. b]),
                Of(DataType.Blob).Arguments);
        }

        FunctionCall Of(DataType type) => call with
        {
            Arguments = [.. call.Arguments.Select(
                argument => Coercion.To(argument, type, call.Position))],
        };

        return call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>(string.Concat),
            [call.Text(0), call.Text(1)]);
    }

    private static bool IsJson(Value value) => value.Kind == TypeKind.Text
        && JsonFunctions.IsValid(value.AsText());

    private static Expression Arithmetic(FunctionCall call)
    {
        (DataType left, DataType right) = (call.TypeOf(0), call.TypeOf(1));
        if (left.Kind == TypeKind.Json && call.Name == "-")
        {
            return JsonMembers.Without(call);
        }

        if (left.IsVector || right.IsVector)
        {
            return VectorArithmetic.Bind(call);
        }

        return TimeArithmetic.Bind(call);
    }
}
