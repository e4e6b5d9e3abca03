namespace NeuroDb.Query;

/// <summary>Converts arrays, element by element, and between arrays of numbers and vectors.
/// </summary>
internal static class ArrayConverter
{
    /// <summary>Whether CAST converts between types of which one is an array.</summary>
    public static bool CanCast(DataType from, DataType to) => (from.Kind, to.Kind) switch
    {
        (TypeKind.Array, TypeKind.Array) => Coercion.CanCast(from.ElementType, to.ElementType),
        (TypeKind.Array, _) => to.Kind is TypeKind.Text or TypeKind.Json
            || (to.IsVector && from.ElementType.IsNumeric),
        (_, TypeKind.Array) => from.Kind is TypeKind.Text or TypeKind.Null or TypeKind.Json
            || (from.IsVector && to.ElementType.IsNumeric),
        _ => false,
    };

    /// <summary>Whether a column of a type takes another, of which one is an array.</summary>
    public static bool CanAssign(DataType from, DataType to) => (from.Kind, to.Kind) switch
    {
        (TypeKind.Array, TypeKind.Array) => Coercion.CanAssign(from.ElementType, to.ElementType),
        (TypeKind.Array, _) => to.Kind == TypeKind.Text
            || (to.IsNumberVector && from.ElementType.IsNumeric),
        _ => from.Kind == TypeKind.Null
            || (from.IsNumberVector && to.ElementType.IsFloatingPoint),
    };

    /// <summary>Converts a value of which the type or the target is an array.</summary>
    public static Value Convert(
        Value value, DataType from, DataType to, CastKind kind, SourcePosition position)
    {
        if (from.Kind != TypeKind.Array)
        {
            return from.IsVector
                ? OfNumbers(value, to, kind, position)
                : ArrayText.Parse(value.AsText(), to, position);
        }

        byte[] array = value.AsBlob();
        DataType element = from.ElementType;
        if (to.Kind == TypeKind.Array)
        {
            return ArrayCodec.ToValue(
                to.ElementType.Kind,
                ArrayCodec.Decode(array).Select(item =>
                    element == to.ElementType
                        || (element.Kind == to.ElementType.Kind && to.ElementType.Length == 0
                            && to.Shape is null)
                        ? item
                        : ValueConverter.Convert(item, element, to.ElementType, kind, position)));
        }

        return to.Kind switch
        {
            TypeKind.Text => Value.Of(ArrayText.Format(array)),
            TypeKind.Json => Value.OfJson(JsonBuildFunctions.TextOf(value)),
            _ => ToVector(array, element, to, kind, position),
        };
    }

    private static Value OfNumbers(
        Value vector, DataType to, CastKind kind, SourcePosition position)
    {
        var numbers = new List<Value>();
        foreach (float number in VectorConverter.NumbersOf(vector).Span)
        {
            numbers.Add(ValueConverter.Convert(
                Value.Of(number), DataType.Real, to.ElementType, kind, position));
        }

        return ArrayCodec.ToValue(to.ElementType.Kind, numbers);
    }

    private static Value ToVector(
        byte[] array, DataType element, DataType to, CastKind kind, SourcePosition position)
    {
        List<Value> items = ArrayCodec.Decode(array);
        var numbers = new float[items.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (items[i].IsNull)
            {
                throw new NeuroStoreException(
                    ErrorCode.InvalidConversion,
                    $"Element {i + 1} of the array is NULL, and a vector has none.",
                    position);
            }

            numbers[i] = (float)ValueConverter.Convert(
                items[i], element, DataType.Double, CastKind.Explicit, position).AsDouble();
            if (!float.IsFinite(numbers[i]))
            {
                throw new NeuroStoreException(
                    ErrorCode.NonFiniteVector,
                    $"Element {i + 1} of the array is {ValueText.Format(items[i])}, which no "
                    + "element of a vector is.",
                    position);
            }
        }

        VectorText.CheckDimension(numbers.Length, to.Length, position);
        return VectorConverter.OfNumbers(numbers, to.Kind, kind, position);
    }
}
