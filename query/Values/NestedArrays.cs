namespace NeuroDb.Query;

/// <summary>What is known of an array of arrays without its type.</summary>
internal static class NestedArrays
{
    /// <summary>How many arrays lie in each other, as far as the first of each says.</summary>
    public static int DepthOf(byte[] array)
    {
        int depth = 0;
        for (Value next = Value.OfBytes(TypeKind.Array, array);
            next.Kind == TypeKind.Array && ArrayCodec.CountOf(next.AsBlob()) > 0;
            next = ArrayCodec.ElementAt(next.AsBlob(), 1))
        {
            depth++;
        }

        return depth;
    }

    /// <summary>The elements of the first array so many arrays deep; null if there is none.
    /// </summary>
    public static int? CountOf(byte[] array, long dimension)
    {
        Value next = Value.OfBytes(TypeKind.Array, array);
        for (long i = 1; i < dimension && next.Kind == TypeKind.Array; i++)
        {
            next = ArrayCodec.ElementAt(next.AsBlob(), 1);
        }

        int count = dimension > 0 && next.Kind == TypeKind.Array
            ? ArrayCodec.CountOf(next.AsBlob())
            : 0;
        return count > 0 ? count : null;
    }

    /// <summary>The type of a value of a kind as far as it says.</summary>
    public static DataType TypeOf(TypeKind kind, Value value) => kind switch
    {
        TypeKind.Array when value.IsNull => DataType.ArrayOf(DataType.Text),
        TypeKind.Array => TypeOf(value.AsBlob()),
        TypeKind.Struct or TypeKind.Map or TypeKind.Enum when value.IsNull => DataType.Text,
        TypeKind.Struct => StructCodec.TypeOf(value.AsBlob()),
        TypeKind.Map => MapCodec.TypeOf(value.AsBlob()),
        TypeKind.Enum => DataType.Text,
        _ => DataType.FromParts(kind, 0, 0),
    };

    /// <summary>The type of an array; of one without values as far as it says.</summary>
    public static DataType TypeOf(byte[] array)
    {
        TypeKind kind = ArrayCodec.ElementOf(array);
        return kind == TypeKind.Null
            ? DataType.UntypedArray
            : DataType.ArrayOf(TypeOf(
                kind, ArrayCodec.Decode(array).Find(static item => !item.IsNull)));
    }
}
