namespace NeuroDb.Query;

/// <summary>
/// Which types meet in which common type, and how expressions are brought there. A bare text
/// literal, a text parameter and NULL take the type that their context asks for.
/// </summary>
internal static class Coercion
{
    /// <summary>Whether an expression takes the type of its context.</summary>
    public static bool IsFlexible(Expression expression) =>
        expression.Type.Kind == TypeKind.Null
        || (expression.Type.Kind == TypeKind.Text
            && expression is (ConstantExpression or ParameterExpression));

    /// <summary>The type that values of both types convert to without a cast, if any.</summary>
    public static bool TryCommon(DataType left, DataType right, out DataType common)
    {
        common = left;
        if (left == right || right.Kind == TypeKind.Null)
        {
            return true;
        }

        common = right;
        if (left.Kind == TypeKind.Null)
        {
            return true;
        }

        if (left.Kind == TypeKind.Array && right.Kind == TypeKind.Array)
        {
            bool meet = TryCommon(left.ElementType, right.ElementType, out DataType element);
            common = meet ? DataType.ArrayOf(element) : default;
            return meet;
        }

        if (StructConverter.Is(left) && StructConverter.Is(right))
        {
            return StructConverter.TryCommon(left, right, out common);
        }

        if (left.Kind == right.Kind)
        {
            common = CommonOfKind(left, right);
            return true;
        }

        if (left.IsNumberVector && right.IsNumberVector)
        {
            int dimension = left.Length == right.Length ? left.Length : 0;
            bool isWide = left.Kind == TypeKind.Vector || right.Kind == TypeKind.Vector;
            common = isWide ? DataType.VectorOf(dimension) : DataType.HalfVectorOf(dimension);
            return true;
        }

        if (IsNumberLike(left) && IsNumberLike(right))
        {
            common = CommonNumber(left, right);
            return true;
        }

        common = (left.Kind, right.Kind) switch
        {
            (TypeKind.Date, TypeKind.Timestamp) or (TypeKind.Timestamp, TypeKind.Date) =>
                DataType.Timestamp,
            (TypeKind.TimestampTz, TypeKind.Date or TypeKind.Timestamp)
                or (TypeKind.Date or TypeKind.Timestamp, TypeKind.TimestampTz) =>
                DataType.TimestampTz,
            (TypeKind.Text, TypeKind.Json or TypeKind.Enum)
                or (TypeKind.Json or TypeKind.Enum, TypeKind.Text) => DataType.Text,
            _ => default,
        };
        return common.Kind != TypeKind.Null;
    }

    private static DataType CommonOfKind(DataType left, DataType right) => left.Kind switch
    {
        TypeKind.Enum or TypeKind.Text => DataType.Text,
        TypeKind.BitString => DataType.BitsOf(0, true),
        TypeKind.Decimal => DataType.Decimal,
        TypeKind.Integer or TypeKind.BigInt => left.WithoutRange,
        TypeKind.Blob => left.IsImage && right.IsImage ? DataType.Image
            : left.IsAudio && right.IsAudio ? DataType.Audio : DataType.Blob,
        _ => DataType.VectorOf(left.Kind, 0),
    };

    /// <summary>
    /// The common type of expressions; those that are flexible do not count where others say.
    /// </summary>
    public static DataType CommonType(
        IEnumerable<Expression> expressions, string what, SourcePosition position)
    {
        DataType common = DataType.Null;
        bool anyFlexible = false;
        bool anyFlexibleText = false;
        foreach (Expression expression in expressions)
        {
            if (IsFlexible(expression))
            {
                anyFlexible = true;
                anyFlexibleText |= expression.Type.Kind == TypeKind.Text;
            }
            else
            {
                common = TryCommon(common, expression.Type, out DataType next)
                    ? next
                    : throw Mismatch(what, common, expression.Type, position);
            }
        }

        // What a text or parameter says may be beyond the range of a narrow integer.
        return common.Kind == TypeKind.Null && anyFlexibleText ? DataType.Text
            : anyFlexible ? common.WithoutRange
            : common;
    }

    /// <summary>Brings an expression to a type that it converts to without a cast.</summary>
    public static Expression To(Expression expression, DataType type, SourcePosition position)
    {
        if (expression.Type == type || type.Kind == TypeKind.Null)
        {
            return expression;
        }

        return expression switch
        {
            _ when type.Kind == TypeKind.Decimal && type.Length == 0
                && expression.Type.Kind == TypeKind.Decimal => expression,
            _ when type.IsInteger && type.Length == 0
                && expression.Type.Kind == type.Kind => expression,
            _ when type.IsVector && type.Length == 0
                && expression.Type.Kind == type.Kind => expression,
            _ when type == DataType.Blob && expression.Type.IsEncoded => expression,
            ConstantExpression constant when !ZonedConverter.IsZoned(constant.Type, type) =>
                Convert(constant, type, CastKind.Implicit, position),
            ParameterExpression parameter when parameter.Type.Kind == TypeKind.Null =>
                new ParameterExpression(parameter.Ordinal, type),
            _ => new CastExpression(expression, type, CastKind.Implicit, position),
        };
    }

    /// <summary>Converts a constant now; errors name the place of the literal.</summary>
    public static ConstantExpression Convert(
        ConstantExpression constant, DataType type, CastKind kind, SourcePosition position)
    {
        SourcePosition place = constant.Position.IsKnown ? constant.Position : position;
        Value value = ColumnConverter
            .Convert(
                ColumnBuffer.Constant(constant.Type, constant.Value, 1), type, kind, place)
            .GetValue(0);
        return new ConstantExpression(value, type, place);
    }

    /// <summary>Whether a type can be computed with: a number, or a boolean as 1 and 0.</summary>
    public static bool IsNumberLike(DataType type) =>
        type.IsNumeric || type.Kind == TypeKind.Boolean;

    /// <summary>Whether CAST converts between the types.</summary>
    public static bool CanCast(DataType from, DataType to) =>
        from == to || from.Kind == TypeKind.Null || from.Kind == TypeKind.Text
        || to.Kind == TypeKind.Text || ArrayConverter.CanCast(from, to)
        || StructConverter.CanCast(from, to) || BitStrings.CanCast(from, to)
        || (from.Kind == TypeKind.Enum && to.Kind == TypeKind.Enum)
        || (IsNumberLike(from) && IsNumberLike(to))
        || (to.IsVector && from.Kind is TypeKind.Json or TypeKind.Blob)
        || (to.IsVector && from.IsVector)
        || (from.Kind, to.Kind) is (TypeKind.Date, TypeKind.Timestamp)
            or (TypeKind.Timestamp, TypeKind.Date)
            or (TypeKind.TimestampTz, TypeKind.Date or TypeKind.Timestamp)
            or (TypeKind.Date or TypeKind.Timestamp, TypeKind.TimestampTz)
            or (TypeKind.Timestamp or TypeKind.TimestampTz or TypeKind.Interval, TypeKind.Time)
            or (TypeKind.Time, TypeKind.Interval)
            or (TypeKind.Blob, TypeKind.Blob)
            or (TypeKind.Uuid, TypeKind.Blob)
            or (TypeKind.Blob, TypeKind.Uuid);

    /// <summary>Whether values of a type may be stored into a column of another.</summary>
    public static bool CanAssign(DataType from, DataType to) =>
        from == to || from.Kind == TypeKind.Null
        || ((from.Kind == TypeKind.Array || to.Kind == TypeKind.Array)
            && ArrayConverter.CanAssign(from, to))
        || ((StructConverter.Is(from) || StructConverter.Is(to))
            && StructConverter.CanAssign(from, to))
        || (to.Kind == TypeKind.Text && from.Kind != TypeKind.Blob)
        || (IsNumberLike(from) && IsNumberLike(to))
        || (from.IsNumberVector && to.IsNumberVector)
        || (from.Kind, to.Kind) is (TypeKind.Date, TypeKind.Timestamp)
            or (TypeKind.Timestamp, TypeKind.Date)
            or (TypeKind.TimestampTz, TypeKind.Date or TypeKind.Timestamp)
            or (TypeKind.Date or TypeKind.Timestamp, TypeKind.TimestampTz)
            or (TypeKind.Time, TypeKind.Interval)
            or (TypeKind.Blob, TypeKind.Blob)
            or (TypeKind.Blob, TypeKind.BitVector)
            or (TypeKind.BitString, TypeKind.BitString)
            or (TypeKind.BitString or TypeKind.BitVector, TypeKind.BitVector)
            or (TypeKind.Text, TypeKind.Json or TypeKind.Enum);

    /// <summary>The error for types that do not meet.</summary>
    public static NeuroStoreException Mismatch(
        string what, DataType left, DataType right, SourcePosition position) => new(
            ErrorCode.TypeMismatch,
            $"{what} does not take {left} and {right} together; write CAST(... AS ...) where "
            + "that is meant.",
            position);

    private static DataType CommonNumber(DataType left, DataType right)
    {
        if (left.IsFloatingPoint || right.IsFloatingPoint)
        {
            return DataType.Double;
        }

        if (left.Kind == TypeKind.Decimal || right.Kind == TypeKind.Decimal)
        {
            return DataType.Decimal;
        }

        return left.Kind == TypeKind.BigInt || right.Kind == TypeKind.BigInt
            ? DataType.BigInt
            : DataType.Integer;
    }
}
