using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The names of the data types, with the synonyms that other systems use.</summary>
internal static class TypeNames
{
    // Other systems have 38 digits and more; a value that needs more than are here is an error.
    private const int WrittenPrecisionMax = 1000;

    private static readonly Dictionary<string, DataType> Plain =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["BOOLEAN"] = DataType.Boolean,
            ["BOOL"] = DataType.Boolean,
            ["INTEGER"] = DataType.Integer,
            ["INT"] = DataType.Integer,
            ["INT4"] = DataType.Integer,
            ["INT32"] = DataType.Integer,
            ["MEDIUMINT"] = DataType.Integer,
            ["SMALLINT"] = DataType.SmallInt,
            ["INT2"] = DataType.SmallInt,
            ["INT16"] = DataType.SmallInt,
            ["SHORT"] = DataType.SmallInt,
            ["TINYINT"] = DataType.TinyInt,
            ["INT1"] = DataType.TinyInt,
            ["BIGINT"] = DataType.BigInt,
            ["INT8"] = DataType.BigInt,
            ["INT64"] = DataType.BigInt,
            ["LONG"] = DataType.BigInt,
            ["UNSIGNED BIG INT"] = DataType.BigInt,
            ["SIGNED"] = DataType.BigInt,
            ["SIGNED INTEGER"] = DataType.BigInt,
            ["UTINYINT"] = DataType.UTinyInt,
            ["UINT8"] = DataType.UTinyInt,
            ["TINYINT UNSIGNED"] = DataType.UTinyInt,
            ["USMALLINT"] = DataType.USmallInt,
            ["UINT16"] = DataType.USmallInt,
            ["SMALLINT UNSIGNED"] = DataType.USmallInt,
            ["UINTEGER"] = DataType.UInteger,
            ["UINT32"] = DataType.UInteger,
            ["UINT"] = DataType.UInteger,
            ["INT UNSIGNED"] = DataType.UInteger,
            ["INTEGER UNSIGNED"] = DataType.UInteger,
            ["UBIGINT"] = DataType.UBigInt,
            ["UINT64"] = DataType.UBigInt,
            ["BIGINT UNSIGNED"] = DataType.UBigInt,
            ["UNSIGNED"] = DataType.UBigInt,
            ["UNSIGNED INTEGER"] = DataType.UBigInt,
            ["REAL"] = DataType.Real,
            ["FLOAT4"] = DataType.Real,
            ["DOUBLE PRECISION"] = DataType.Double,
            ["DOUBLE"] = DataType.Double,
            ["FLOAT"] = DataType.Double,
            ["FLOAT8"] = DataType.Double,
            ["DECIMAL"] = DataType.Decimal,
            ["NUMERIC"] = DataType.Decimal,
            ["DEC"] = DataType.Decimal,
            ["MONEY"] = DataType.DecimalOf(19, 4),
            ["SMALLMONEY"] = DataType.DecimalOf(10, 4),
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
            ["VARYING CHARACTER"] = DataType.Text,
            ["NATIVE CHARACTER"] = DataType.Text,
            ["NAME"] = DataType.Text,
            ["BPCHAR"] = DataType.Text,
            ["NATIONAL CHARACTER"] = DataType.Text,
            ["NATIONAL CHARACTER VARYING"] = DataType.Text,
            ["NATIONAL CHAR VARYING"] = DataType.Text,
            ["CHARACTER LARGE OBJECT"] = DataType.Text,
            ["CHAR LARGE OBJECT"] = DataType.Text,
            ["BINARY LARGE OBJECT"] = DataType.Blob,
            ["BINARY VARYING"] = DataType.Blob,
            ["BYTES"] = DataType.Blob,
            ["HUGEINT"] = DataType.DecimalOf(28, 0),
            ["INT128"] = DataType.DecimalOf(28, 0),
            ["BLOB"] = DataType.Blob,
            ["BYTEA"] = DataType.Blob,
            ["BINARY"] = DataType.Blob,
            ["VARBINARY"] = DataType.Blob,
            ["DATE"] = DataType.Date,
            ["TIMESTAMP"] = DataType.Timestamp,
            ["TIMESTAMP WITHOUT TIME ZONE"] = DataType.Timestamp,
            ["TIMESTAMPTZ"] = DataType.TimestampTz,
            ["TIMESTAMP WITH TIME ZONE"] = DataType.TimestampTz,
            ["TIME"] = DataType.Time,
            ["TIME WITHOUT TIME ZONE"] = DataType.Time,
            ["INTERVAL"] = DataType.Interval,
            ["DATETIME"] = DataType.Timestamp,
            ["UUID"] = DataType.Uuid,
            ["JSON"] = DataType.Json,
            ["JSONB"] = DataType.Json,
            ["BIT"] = DataType.BitsOf(0, true),
            ["BIT VARYING"] = DataType.BitsOf(0, true),
            ["VARBIT"] = DataType.BitsOf(0, true),
            ["BITSTRING"] = DataType.BitsOf(0, true),
            ["VECTOR"] = DataType.VectorOf(0),
            ["IMAGE"] = DataType.Image,
            ["AUDIO"] = DataType.Audio,
            ["HALFVEC"] = DataType.HalfVectorOf(0),
            ["INT8VEC"] = DataType.Int8VectorOf(0),
            ["BITVEC"] = DataType.BitVectorOf(0),
        };

    private static readonly Dictionary<string, DataType> Serial =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["SMALLSERIAL"] = DataType.SmallInt,
            ["SERIAL2"] = DataType.SmallInt,
            ["SERIAL"] = DataType.Integer,
            ["SERIAL4"] = DataType.Integer,
            ["BIGSERIAL"] = DataType.BigInt,
            ["SERIAL8"] = DataType.BigInt,
        };

    /// <summary>All names, for the documentation and its test.</summary>
    public static IEnumerable<string> All => Plain.Keys.Concat(Serial.Keys);

    /// <summary>Whether a name is one of the types that are always there.</summary>
    public static bool IsBuiltIn(string name) =>
        Plain.ContainsKey(name) || Serial.ContainsKey(name)
        || name.ToUpperInvariant() is "ENUM" or "STRUCT" or "MAP" or "ROW" or "ARRAY";

    /// <summary>
    /// The integer type of SERIAL and its like, which CREATE TABLE takes: a column that numbers
    /// its rows.
    /// </summary>
    public static bool TryResolveSerial(TypeSyntax syntax, out DataType type) =>
        Serial.TryGetValue(syntax.Name, out type);

    /// <summary>
    /// The type that a name of one word says, for conversions written as calls: int4 (x), text (x).
    /// </summary>
    public static bool TryConversion(string name, out DataType type) =>
        Plain.TryGetValue(name, out type) && !name.Contains(' ', StringComparison.Ordinal);

    /// <summary>The type of a name with its arguments; an error if there is none.</summary>
    /// <param name="syntax">The type as written.</param>
    /// <param name="catalog">Where types of CREATE TYPE are; null where there are none.</param>
    public static DataType Resolve(TypeSyntax syntax, CatalogView? catalog = null)
    {
        const string Word = " ARRAY";
        bool isWord = syntax.Name.EndsWith(Word, StringComparison.Ordinal);
        if (syntax.ArrayDepth == 0 && !isWord)
        {
            return ResolveElement(syntax, catalog);
        }

        TypeSyntax inner = (isWord
            ? syntax with { Name = syntax.Name[..^Word.Length] }
            : syntax) with
        {
            ArrayDepth = 0,
        };
        NestedTypeNames.RequireNoDomain(inner, catalog);
        DataType element = ResolveElement(inner, catalog);
        for (int i = isWord ? -1 : 0; i < syntax.ArrayDepth; i++)
        {
            ArrayFunctions.CheckElement(element, syntax.Position);
            element = DataType.ArrayOf(element);
        }

        return element;
    }

    private static DataType ResolveElement(TypeSyntax syntax, CatalogView? catalog)
    {
        if (NestedTypeNames.TryResolve(syntax, catalog, out DataType nested))
        {
            return nested;
        }

        if (!Plain.TryGetValue(syntax.Name, out DataType type))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownType,
                $"There is no data type {syntax.Name}.{Hint(syntax.Name)}",
                syntax.Position);
        }

        return syntax.Arguments.Count == 0 ? type : WithArguments(type, syntax);
    }

    private static string Hint(string name)
    {
        string[] words = name.Split(' ');
        return words switch
        {
            _ when Serial.ContainsKey(name) => " SERIAL is a type of CREATE TABLE only.",
            [_, .., "COLLATE", _] => " COLLATE is not supported: text compares by code point.",
            _ when words.Contains("REFERENCES") => " Foreign keys are not supported.",
            ["SPARSEVEC"] => " Vectors are of the type VECTOR(n).",
            ["TIMETZ"] or ["TIME", "WITH", ..] =>
                " A time of day has no zone: TIME; points in time are TIMESTAMPTZ.",
            ["MAP"] => " A MAP has a key and a value, such as MAP(TEXT, INTEGER).",
            ["STRUCT"] or ["ROW"] => " A STRUCT has fields, such as STRUCT(a INTEGER).",
            ["ENUM"] => " An ENUM has labels, such as ENUM('a', 'b').",
            _ => NearMatch.Hint(name, Plain.Keys),
        };
    }

    private static DataType WithArguments(DataType type, TypeSyntax syntax)
    {
        IReadOnlyList<int> arguments = syntax.Arguments;
        switch (type.Kind)
        {
            case TypeKind.Decimal when arguments.Count <= 2 && type.Length == 0:
                int scale = arguments.Count == 2 ? arguments[1] : 0;
                Check(syntax, arguments[0], 1, WrittenPrecisionMax);
                Check(syntax, scale, 0, Math.Min(arguments[0], Limits.DecimalPrecisionMax));
                return DataType.DecimalOf(
                    Math.Min(arguments[0], Limits.DecimalPrecisionMax), scale);
            case TypeKind.BitString when arguments.Count == 1:
                Check(syntax, arguments[0], 1, Limits.BitStringLengthMax);
                return DataType.BitsOf(arguments[0], syntax.Name is not "BIT");
            case TypeKind.Vector or TypeKind.HalfVector or TypeKind.Int8Vector
                or TypeKind.BitVector when arguments.Count == 1:
                Check(syntax, arguments[0], 1, Limits.VectorDimensionMax);
                return DataType.VectorOf(type.Kind, arguments[0]);
            case TypeKind.Blob when type.IsImage && arguments.Count == 3:
                Check(syntax, arguments[0], 1, Limits.ImageSideMax);
                Check(syntax, arguments[1], 1, Limits.ImageSideMax);
                return arguments[2] is 1 or 3
                    ? DataType.ImageOf(arguments[0], arguments[1], arguments[2])
                    : throw new NeuroStoreException(
                        ErrorCode.UnknownType,
                        $"IMAGE: {arguments[2]} channels; they are 1 for gray or 3 for colours.",
                        syntax.Position);
            case TypeKind.Blob when type.IsAudio && arguments.Count == 1:
                Check(syntax, arguments[0], Limits.AudioRateMin, Limits.AudioRateMax);
                return DataType.AudioOf(arguments[0]);
            case TypeKind.Blob when type.IsImage:
                throw new NeuroStoreException(
                    ErrorCode.UnknownType,
                    "IMAGE takes no arguments, or three: IMAGE(height, width, channels).",
                    syntax.Position);
            case TypeKind.Text or TypeKind.Blob or TypeKind.Integer or TypeKind.BigInt
                or TypeKind.Double or TypeKind.Timestamp or TypeKind.TimestampTz
                or TypeKind.Interval or TypeKind.Time when arguments.Count == 1:
            case TypeKind.Decimal when type.IsUBigInt && arguments.Count == 1:
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
