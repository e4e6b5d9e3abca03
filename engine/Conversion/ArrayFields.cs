using System.Collections;
using NeuroDb.Query;

namespace NeuroDb;

/// <summary>
/// SQL arrays as .NET arrays and lists: long[], long?[] where NULL is among the elements,
/// List&lt;string&gt;, object[].
/// </summary>
internal static class ArrayFields
{
    private static readonly (Type Type, TypeKind Kind)[] Kinds =
    [
        (typeof(int), TypeKind.Integer), (typeof(long), TypeKind.BigInt),
        (typeof(string), TypeKind.Text), (typeof(double), TypeKind.Double),
        (typeof(bool), TypeKind.Boolean), (typeof(decimal), TypeKind.Decimal),
        (typeof(Guid), TypeKind.Uuid), (typeof(DateTime), TypeKind.Timestamp),
        (typeof(DateTimeOffset), TypeKind.TimestampTz), (typeof(DateOnly), TypeKind.Date),
        (typeof(TimeOnly), TypeKind.Time),
        (typeof(float), TypeKind.Real), (typeof(byte[]), TypeKind.Blob),
        (typeof(TimeInterval), TypeKind.Interval),
        (typeof(short), TypeKind.Integer), (typeof(ushort), TypeKind.Integer),
        (typeof(uint), TypeKind.BigInt), (typeof(ulong), TypeKind.Decimal),
    ];

    /// <summary>The .NET type of an array without NULL.</summary>
    public static Type ClrType(DataType element) => element.Kind == TypeKind.Array
        ? ClrType(element.ElementType).MakeArrayType()
        : Empty(element.Kind, 0, false).GetType();

    /// <summary>An array as the .NET array of its kind; of nullable elements if one is NULL.
    /// </summary>
    public static Array Box(byte[] array)
    {
        List<Value> values = ArrayCodec.Decode(array);
        if (ArrayCodec.ElementOf(array) == TypeKind.Array)
        {
            return BoxArrays(values, ClrType(NestedArrays.TypeOf(array).ElementType));
        }

        Array result = Empty(
            ArrayCodec.ElementOf(array), values.Count, values.Exists(value => value.IsNull));
        for (int i = 0; i < values.Count; i++)
        {
            result.SetValue(Box(values[i]), i);
        }

        return result;
    }

    // Arrays with NULL among their elements are of another type than those without.
    private static Array BoxArrays(List<Value> values, Type type)
    {
        Array?[] inner = [.. values.Select(static value =>
            value.IsNull ? null : Box(value.AsBlob()))];
        bool isOne = Array.TrueForAll(inner, one => one is null || one.GetType() == type);
        var result = Array.CreateInstance(isOne ? type : typeof(Array), inner.Length);
        Array.Copy(inner, result, inner.Length);
        return result;
    }

    /// <summary>An array as a .NET array or list of a type; null if it is none of these.</summary>
    public static object? Read(byte[] array, Type type)
    {
        if (type.IsArray && type.GetElementType() is { } element)
        {
            List<Value> values = ArrayCodec.Decode(array);
            Array result = Array.CreateInstance(element, values.Count);
            for (int i = 0; i < values.Count; i++)
            {
                result.SetValue(To(values[i], element), i);
            }

            return result;
        }

        if (type == typeof(string))
        {
            return ArrayText.Format(array);
        }

        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(List<>))
        {
            return null;
        }

        var list = (IList)Activator.CreateInstance(type)!;
        foreach (Value value in ArrayCodec.Decode(array))
        {
            list.Add(To(value, type.GenericTypeArguments[0]));
        }

        return list;
    }

    /// <summary>A .NET array or list as an SQL array; false if it is none.</summary>
    public static bool TryRead(object source, out Value array)
    {
        array = default;
        Type? type = source switch
        {
            Array { Rank: 1 } => source.GetType().GetElementType(),
            IList when source.GetType() is { IsGenericType: true } list =>
                list.GenericTypeArguments[0],
            _ => null,
        };
        if (type is null)
        {
            return false;
        }

        Type element = Nullable.GetUnderlyingType(type) ?? type;
        if (element != typeof(byte[]) && (element.IsArray || IsList(element)))
        {
            return TryReadArrays((IEnumerable)source, out array);
        }

        TypeKind kind = Array.Find(Kinds, pair => pair.Type == element).Kind;
        if (kind == TypeKind.Null && element != typeof(object))
        {
            return false;
        }

        var values = new List<Value>();
        foreach (object? item in (IEnumerable)source)
        {
            Value value = ParameterConverter.ToValue(item);
            if (kind == TypeKind.Null && !value.IsNull)
            {
                kind = value.Kind;
            }

            values.Add(value.IsNull || value.Kind == kind
                ? value
                : ValueConverter.Convert(
                    value,
                    BoundVariant.TypeOf(value),
                    DataType.FromParts(kind, 0, 0),
                    CastKind.Assignment,
                    default));
        }

        kind = kind == TypeKind.Null ? TypeKind.Text : kind;
        ArrayFunctions.CheckElement(DataType.FromParts(kind, 0, 0), default);
        array = ArrayCodec.ToValue(kind, values);
        return true;
    }

    private static bool IsList(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);

    private static bool TryReadArrays(IEnumerable source, out Value array)
    {
        array = default;
        var values = new List<Value>();
        foreach (object? item in source)
        {
            Value inner = Value.Null;
            if (item is not null && !TryRead(item, out inner))
            {
                return false;
            }

            values.Add(inner);
        }

        array = ArrayCodec.ToValue(TypeKind.Array, values);
        return true;
    }

    private static object? To(Value value, Type type)
    {
        if (value.Kind == TypeKind.Array && type != typeof(object))
        {
            return Read(value.AsBlob(), type) ?? throw new InvalidCastException(
                $"An element of the array is an array, no {type.Name}.");
        }

        Type element = Nullable.GetUnderlyingType(type) ?? type;
        if (value.IsNull)
        {
            return element != type || !type.IsValueType
                ? null
                : throw new InvalidCastException(
                    $"The array has NULL among its elements; read it as {type.Name}?[].");
        }

        object boxed = Box(value)!;
        return boxed switch
        {
            _ when element.IsInstanceOfType(boxed) => boxed,
            DateTime time when element == typeof(DateOnly) => DateOnly.FromDateTime(time),
            TimeSpan time when element == typeof(TimeOnly) => TimeOnly.FromTimeSpan(time),
            DateTimeOffset time when element == typeof(DateTime) => time.UtcDateTime,
            IConvertible number when element.IsPrimitive || element == typeof(decimal) =>
                Convert.ChangeType(
                    number, element, System.Globalization.CultureInfo.InvariantCulture),
            _ => throw new InvalidCastException(
                $"An element of the array is {boxed.GetType().Name}, no {element.Name}."),
        };
    }

    /// <summary>A value inside an array, STRUCT or MAP as its .NET type; null for NULL.</summary>
    public static object? Box(Value value) => value.Kind switch
    {
        TypeKind.Null => null,
        TypeKind.Boolean => value.AsBoolean(),
        TypeKind.Integer => (int)value.AsInt64(),
        TypeKind.BigInt => value.AsInt64(),
        TypeKind.Real => (float)value.AsDouble(),
        TypeKind.Double => value.AsDouble(),
        TypeKind.Decimal => value.AsDecimal(),
        TypeKind.Blob => value.AsBlob(),
        TypeKind.Array => Box(value.AsBlob()),
        TypeKind.Struct or TypeKind.Map => NestedFields.Box(value),
        TypeKind.Interval => value.AsInterval(),
        TypeKind.Vector => value.AsVector().ToArray(),
        TypeKind.HalfVector => value.AsCompactVector().Halves.ToArray(),
        TypeKind.Int8Vector => value.AsCompactVector().Int8s.ToArray(),
        TypeKind.BitVector => VectorParameters.ToBits(value.AsCompactVector()),
        TypeKind.Uuid => value.AsUuid(),
        TypeKind.Date => ParameterConverter.ToDate(value.AsInt64()).ToDateTime(TimeOnly.MinValue),
        TypeKind.Timestamp => ParameterConverter.ToDateTime(value.AsInt64()),
        TypeKind.TimestampTz => new DateTimeOffset(
            ParameterConverter.ToDateTime(value.AsInt64()), TimeSpan.Zero),
        TypeKind.Time => new TimeSpan(value.AsInt64() * TimeSpan.TicksPerMicrosecond),
        _ => ValueText.Format(value),
    };

    private static Array Empty(TypeKind element, int count, bool isNullable) => element switch
    {
        TypeKind.Boolean => isNullable ? new bool?[count] : new bool[count],
        TypeKind.Integer => isNullable ? new int?[count] : new int[count],
        TypeKind.BigInt => isNullable ? new long?[count] : new long[count],
        TypeKind.Real => isNullable ? new float?[count] : new float[count],
        TypeKind.Double => isNullable ? new double?[count] : new double[count],
        TypeKind.Decimal => isNullable ? new decimal?[count] : new decimal[count],
        TypeKind.Uuid => isNullable ? new Guid?[count] : new Guid[count],
        TypeKind.Date or TypeKind.Timestamp =>
            isNullable ? new DateTime?[count] : new DateTime[count],
        TypeKind.TimestampTz =>
            isNullable ? new DateTimeOffset?[count] : new DateTimeOffset[count],
        TypeKind.Time => isNullable ? new TimeSpan?[count] : new TimeSpan[count],
        TypeKind.Blob => new byte[count][],
        TypeKind.Interval => isNullable ? new TimeInterval?[count] : new TimeInterval[count],
        TypeKind.Struct or TypeKind.Map or TypeKind.Vector or TypeKind.HalfVector
            or TypeKind.Int8Vector or TypeKind.BitVector =>
            Array.CreateInstance(SqlTypes.ClrType(element), count),
        _ => new string[count],
    };
}
