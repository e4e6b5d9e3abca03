namespace NeuroDb.Query;

/// <summary>Arrays put together and taken apart.</summary>
internal static partial class ArrayFunctions
{
    /// <summary>a || b where an operand is an array.</summary>
    public static Expression Concatenate(FunctionCall call)
    {
        bool isLeft = call.TypeOf(0).Kind == TypeKind.Array;
        bool isRight = call.TypeOf(1).Kind == TypeKind.Array;
        if (!isLeft && !isRight)
        {
            throw call.Mismatch(0, "an array");
        }

        // An array beside an array of arrays is an element of it.
        int depths = DepthOf(call.TypeOf(0)) - DepthOf(call.TypeOf(1));
        if (isLeft && isRight && Math.Abs(depths) == 1)
        {
            return depths > 0 ? Join(call, 0, 1) : Join(call, 1, 0);
        }

        // A bare NULL or '{1,2}' beside an array is one too; any other value is an element.
        isLeft |= Coercion.IsFlexible(call.Arguments[0]) && IsArrayText(call.Arguments[0]);
        isRight |= Coercion.IsFlexible(call.Arguments[1]) && IsArrayText(call.Arguments[1]);
        if (isLeft != isRight)
        {
            return isLeft ? Join(call, 0, 1) : Join(call, 1, 0);
        }

        DataType type = Coercion.CommonType(call.Arguments, "||", call.Position);
        return Each(
            call,
            type,
            [
                Coercion.To(call.Arguments[0], type, call.Position),
                Coercion.To(call.Arguments[1], type, call.Position),
            ],
            static row => row[0].IsNull ? row[1]
                : row[1].IsNull ? row[0]
                : Value.OfBytes(
                    TypeKind.Array,
                    ArrayCodec.Concatenate(row[0].AsBlob(), row[1].AsBlob())),
            takesNull: true);
    }

    /// <summary>a[n], and a[n:m] where an end may be missing.</summary>
    public static Expression Subscript(
        Expression array, Expression? first, Expression? last, bool isSlice,
        SourcePosition position)
    {
        if (StructConverter.Is(array.Type) && first is not null && !isSlice)
        {
            return array.Type.Kind == TypeKind.Map
                ? MapFunctions.Element(array, first, position)
                : StructFunctions.Extract(array, first, position);
        }

        if (array.Type.Kind != TypeKind.Array)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"Square brackets take elements of an array; {array} is {array.Type}.",
                position);
        }

        Expression Place(Expression? place, long otherwise) => place is null
            ? new ConstantExpression(Value.Of(otherwise), DataType.BigInt, position)
            : OperatorFactory.Whole(place, position);
        return isSlice
            ? new FunctionCall("slice", [array], position).Make(
                array.Type,
                RowLoops.Of<byte[], long, long, byte[]>(ArrayCodec.Slice),
                [array, Place(first, 1), Place(last, int.MaxValue)])
            : Each(
                new FunctionCall("element", [array], position),
                array.Type.Typed.ElementType,
                [array, Place(first, 1)],
                static row => ArrayCodec.ElementAt(row[0].AsBlob(), row[1].AsInt64()));
    }

    private static int DepthOf(DataType type)
    {
        int depth = 0;
        for (; type.Kind == TypeKind.Array; type = type.ElementType)
        {
            depth++;
        }

        return depth;
    }

    // The elements of all arrays of an array, one behind the other.
    private static Expression Flatten(FunctionCall call)
    {
        DataType type = call.TypeOf(0).ElementType;
        return type.Kind == TypeKind.Array
            ? Each(
                call,
                type,
                [call.Arguments[0]],
                row => ArrayCodec.ToValue(
                    type.ElementType.Kind,
                    ArrayCodec.Decode(row[0].AsBlob())
                        .Where(static item => !item.IsNull)
                        .SelectMany(static item => ArrayCodec.Decode(item.AsBlob()))))
            : throw call.Mismatch(0, "an array of arrays");
    }
}
