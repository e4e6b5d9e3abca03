namespace NeuroDb.Query;

/// <summary>
/// A bound statement with what it was bound for, so that a cache knows when it fits.
/// </summary>
/// <param name="CatalogVersion">The version of the catalog.</param>
/// <param name="ParameterTypes">The types of the parameters.</param>
/// <param name="Notices">What the binder decided without being told.</param>
/// <param name="Statement">The statement.</param>
internal sealed record BoundVariant(
    long CatalogVersion,
    DataType[] ParameterTypes,
    IReadOnlyList<string> Notices,
    BoundStatement Statement)
{
    /// <summary>What IDENTIFIER(?) stood for, by number.</summary>
    public IReadOnlyDictionary<int, string> Names { get; init; } =
        System.Collections.ObjectModel.ReadOnlyDictionary<int, string>.Empty;

    /// <summary>Where NULLs stand in its orders.</summary>
    public NullPlacement NullPlacement { get; init; }

    private readonly PlanSizes? _sizes = PlanSizes.Of(Statement.Plan);

    /// <summary>Whether the statement may run against this catalog with these values.</summary>
    public bool Fits(long catalogVersion, ReadOnlySpan<Value> parameters)
    {
        if (catalogVersion != CatalogVersion || parameters.Length != ParameterTypes.Length)
        {
            return false;
        }

        if (_sizes is not null && !_sizes.Hold())
        {
            return false;
        }

        for (int i = 0; i < parameters.Length; i++)
        {
            if (!FitsType(i, parameters[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether the statement may run with these values where a NULL is of any type.
    /// </summary>
    public bool Takes(ReadOnlySpan<Value> parameters)
    {
        bool areTaken = parameters.Length == ParameterTypes.Length;
        for (int i = 0; areTaken && i < parameters.Length; i++)
        {
            areTaken = parameters[i].IsNull || FitsType(i, parameters[i]);
        }

        return areTaken;
    }

    private bool FitsType(int parameter, Value value)
    {
        DataType type = ParameterTypes[parameter];
        return value.Kind == type.Kind
            && (!type.IsVector || value.VectorDimension == type.Length)
            && (type.Kind is not (TypeKind.Array or TypeKind.Struct or TypeKind.Map)
                || TypeOf(value) == type);
    }

    /// <summary>The types that parameter values have.</summary>
    public static DataType[] TypesOf(ReadOnlySpan<Value> parameters)
    {
        var types = new DataType[parameters.Length];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = TypeOf(parameters[i]);
        }

        return types;
    }

    /// <summary>The type of a value; of a vector with its dimension, of an array its elements'.
    /// </summary>
    public static DataType TypeOf(Value value)
    {
        if (value.Kind is TypeKind.Array or TypeKind.Struct or TypeKind.Map)
        {
            return NestedArrays.TypeOf(value.Kind, value);
        }

        DataType type = DataType.FromParts(value.Kind, 0, 0);
        return type.IsVector ? DataType.VectorOf(value.Kind, value.VectorDimension) : type;
    }
}
