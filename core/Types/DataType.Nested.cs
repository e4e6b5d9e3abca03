namespace NeuroDb;

/// <summary>Types that are made of others or of labels: arrays, ENUM, STRUCT, MAP; and BIT.
/// </summary>
public readonly partial record struct DataType
{
    // An array has the kind and the length of its innermost elements, and how many more arrays lie
    // between it and them.
    private const int KindBits = 8;
    private const int DepthShift = 24;
    private const int DepthMax = 15;

    // The scale of a BIT VARYING.
    private const byte VaryingMark = 1;

    /// <summary>The labels of an ENUM in their order; of other types none.</summary>
    public IReadOnlyList<string> Labels =>
        Kind == TypeKind.Enum && Shape is { } shape ? shape.Labels : [];

    /// <summary>
    /// The names and types of the fields of a STRUCT in their order, and of a MAP its key and its
    /// value; of other types none.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, DataType>> Fields =>
        Kind is TypeKind.Struct or TypeKind.Map && Shape is { } shape ? shape.Fields : [];

    /// <summary>An array of elements of a type, which may be arrays.</summary>
    /// <param name="element">The type of the elements.</param>
    public static DataType ArrayOf(DataType element) => !element.IsArrayElement
        ? throw new ArgumentException($"{element} is no type of the elements of an array.")
        : element.Kind == TypeKind.Array
        ? new(
            TypeKind.Array, element.Length + (1 << DepthShift), element.Scale, element.Shape)
        : new(
            TypeKind.Array,
            (element.Length << KindBits) | (int)element.Kind,
            element.Scale,
            element.Shape);

    /// <summary>The type of an array of which nothing but NULL is known.</summary>
    internal static DataType UntypedArray => new(TypeKind.Array, 0, 0);

    /// <summary>The type with TEXT where nothing is known of the elements of arrays.</summary>
    internal DataType Typed => Kind == TypeKind.Array && Innermost.Kind == TypeKind.Null
        ? new(Kind, Length | (int)TypeKind.Text, Scale)
        : this;

    /// <summary>ENUM of labels.</summary>
    internal static DataType EnumOf(string? name, IReadOnlyList<string> labels) =>
        new(TypeKind.Enum, 0, 0, new TypeShape(name, labels, []));

    /// <summary>STRUCT of fields.</summary>
    internal static DataType StructOf(
        string? name, IReadOnlyList<KeyValuePair<string, DataType>> fields) =>
        new(TypeKind.Struct, 0, 0, new TypeShape(name, [], fields));

    /// <summary>MAP of keys to values.</summary>
    internal static DataType MapOf(DataType key, DataType value) => new(
        TypeKind.Map, 0, 0, new TypeShape(null, [], [new("key", key), new("value", value)]));

    /// <summary>BIT VARYING, or BIT of a length.</summary>
    /// <param name="length">The bits, or the most that there are; 0 for any number.</param>
    /// <param name="isVarying">Whether there may be fewer bits.</param>
    internal static DataType BitsOf(int length, bool isVarying)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Limits.BitStringLengthMax);
        return new(TypeKind.BitString, length, isVarying && length > 0 ? VaryingMark : (byte)0);
    }

    /// <summary>Whether it is a BIT whose values may have fewer bits.</summary>
    internal bool IsVaryingBits => Kind == TypeKind.BitString
        && (Scale == VaryingMark || Length == 0);

    /// <summary>Whether there are arrays of this type.</summary>
    public bool IsArrayElement => Kind == TypeKind.Array
        ? Length >> DepthShift < DepthMax
        : Kind is not (TypeKind.Null or TypeKind.Score or TypeKind.Distance)
            && !IsEncoded && Length >> (DepthShift - KindBits) == 0;

    /// <summary>The type of the elements of an array; NULL for other types.</summary>
    public DataType ElementType => Kind != TypeKind.Array ? Null
        : Length >> DepthShift > 0 ? new(Kind, Length - (1 << DepthShift), Scale, Shape)
        : new((TypeKind)(Length & ((1 << KindBits) - 1)), Length >> KindBits, Scale, Shape);

    /// <summary>The type of what is in an array and is no array; of others the type itself.
    /// </summary>
    internal DataType Innermost
    {
        get
        {
            DataType type = this;
            while (type.Kind == TypeKind.Array)
            {
                type = type.ElementType;
            }

            return type;
        }
    }

    /// <summary>
    /// Whether the stored values of another type are of this one too: all is equal but the names
    /// of types and further labels.
    /// </summary>
    internal bool IsStoredAs(DataType other) => Kind == other.Kind && Length == other.Length
        && Scale == other.Scale && (Shape is null) == (other.Shape is null);

    /// <summary>Whether a kind has a shape beside its numbers.</summary>
    internal static bool HasShape(TypeKind kind) =>
        kind is TypeKind.Enum or TypeKind.Struct or TypeKind.Map;
}
