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
            DataType type = ParameterTypes[i];
            if (parameters[i].Kind != type.Kind
                || (type.IsVector && parameters[i].VectorDimension != type.Length)
                || (type.Kind is TypeKind.Array or TypeKind.Struct or TypeKind.Map
                    && TypeOf(parameters[i]) != type))
            {
                return false;
            }
        }

        return true;
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
