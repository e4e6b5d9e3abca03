namespace NeuroDb.Query;

/// <summary>The names of the data types, with the synonyms that other systems use.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<string, DataType> Plain =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["BOOLEAN"] = DataType.Boolean,
            ["BOOL"] = DataType.Boolean,
            ["INTEGER"] = DataType.Integer,
            ["INT"] = DataType.Integer,
            ["INT4"] = DataType.Integer,
            ["MEDIUMINT"] = DataType.Integer,
            ["SMALLINT"] = DataType.Integer,
            ["INT2"] = DataType.Integer,
            ["TINYINT"] = DataType.Integer,
            ["BIGINT"] = DataType.BigInt,
            ["INT8"] = DataType.BigInt,
            ["SIGNED"] = DataType.BigInt,
            ["SIGNED INTEGER"] = DataType.BigInt,
            ["REAL"] = DataType.Real,
            ["FLOAT4"] = DataType.Real,
            ["DOUBLE PRECISION"] = DataType.Double,
            ["DOUBLE"] = DataType.Double,
            ["FLOAT"] = DataType.Double,
            ["FLOAT8"] = DataType.Double,
            ["DECIMAL"] = DataType.Decimal,
            ["NUMERIC"] = DataType.Decimal,
            ["DEC"] = DataType.Decimal,
            ["TEXT"] = DataType.Text,
            ["STRING"] = DataType.Text,
            ["CLOB"] = DataType.Text,
            ["VARCHAR"] = DataType.Text,
            ["CHAR"] = DataType.Text,
            ["CHARACTER"] = DataType.Text,
            ["CHARACTER VARYING"] = DataType.Text,
            ["CHAR VARYING"] = DataType.Text,
            ["NVARCHAR"] = DataType.Text,
            ["NCHAR"] = DataType.Text,
            ["BLOB"] = DataType.Blob,
            ["BYTEA"] = DataType.Blob,
            ["BINARY"] = DataType.Blob,
            ["VARBINARY"] = DataType.Blob,
            ["DATE"] = DataType.Date,
            ["TIMESTAMP"] = DataType.Timestamp,
            ["DATETIME"] = DataType.Timestamp,
            ["UUID"] = DataType.Uuid,
            ["JSON"] = DataType.Json,
            ["JSONB"] = DataType.Json,
            ["VECTOR"] = DataType.VectorOf(0),
        };

    /// <summary>The type of a name with its arguments; an error if there is none.</summary>
    public static DataType Resolve(TypeSyntax syntax)
    {
        if (!Plain.TryGetValue(syntax.Name, out DataType type))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownType,
                $"There is no data type {syntax.Name}.{NearMatch.Hint(syntax.Name, Plain.Keys)}",
                syntax.Position);
        }

        return syntax.Arguments.Count == 0 ? type : WithArguments(type, syntax);
    }

    private static DataType WithArguments(DataType type, TypeSyntax syntax)
    {
        IReadOnlyList<int> arguments = syntax.Arguments;
        switch (type.Kind)
        {
            case TypeKind.Decimal when arguments.Count <= 2:
                int scale = arguments.Count == 2 ? arguments[1] : 0;
                Check(syntax, arguments[0], 1, Limits.DecimalPrecisionMax);
                Check(syntax, scale, 0, arguments[0]);
                return DataType.DecimalOf(arguments[0], scale);
            case TypeKind.Vector when arguments.Count == 1:
                Check(syntax, arguments[0], 1, Limits.VectorDimensionMax);
                return DataType.VectorOf(arguments[0]);
            case TypeKind.Text or TypeKind.Blob or TypeKind.Integer or TypeKind.BigInt
                or TypeKind.Double or TypeKind.Timestamp when arguments.Count == 1:
                return type;
            default:
                throw new NeuroStoreException(
                    ErrorCode.UnknownType,
                    $"The type {syntax.Name} does not take {arguments.Count} arguments.",
                    syntax.Position);
        }
    }

    private static void Check(TypeSyntax syntax, int argument, int least, int most)
    {
        if (argument < least || argument > most)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownType,
                $"{syntax.Name}: {argument} is not between {least} and {most}.",
                syntax.Position);
        }
    }
}
