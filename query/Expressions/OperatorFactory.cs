namespace NeuroDb.Query;

/// <summary>
/// Type rules of the operators; <see cref="ExpressionFactory"/> is their surface.
/// </summary>
internal static class OperatorFactory
{
    /// <summary>All operators between two operands.</summary>
    public static Expression Binary(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        switch (operation)
        {
            case BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Multiply
                or BinaryOperator.Divide or BinaryOperator.Modulo:
                return Arithmetic(operation, left, right, position);
            case BinaryOperator.Concatenate:
                return FunctionRegistry.Bind("||", [left, right], position);
            case BinaryOperator.HasWords:
                return TextMatchExpression.Make(left, right, null, position);
            case BinaryOperator.AtTimeZone:
                return FunctionRegistry.Bind("timezone", [right, left], position);
            case BinaryOperator.JsonMember or BinaryOperator.JsonText or BinaryOperator.JsonPath
                or BinaryOperator.JsonPathText or BinaryOperator.Contains
                or BinaryOperator.Contained or BinaryOperator.Overlaps:
                return FunctionRegistry.Bind(OperatorText.Of(operation), [left, right], position);
            case BinaryOperator.BitwiseAnd or BinaryOperator.BitwiseOr
                or BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight
                when BitFunctions.Takes(left, right):
                return BitFunctions.Combine(operation, left, right, position);
            case BinaryOperator.BitwiseAnd or BinaryOperator.BitwiseOr
                or BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight:
                return new BitwiseExpression(
                    operation, Whole(left, position), Whole(right, position));
            case BinaryOperator.CosineDistance when IsScalar(left) || IsScalar(right):
                // MySQL's equality that takes NULL for a value.
                return Comparison(BinaryOperator.IsNotDistinctFrom, left, right, position);
            case BinaryOperator.L2Distance or BinaryOperator.CosineDistance
                or BinaryOperator.NegativeInnerProduct or BinaryOperator.L1Distance
                or BinaryOperator.HammingDistance or BinaryOperator.JaccardDistance:
                return VectorDistance.Make(operation, left, right, position);
            default:
                return Comparison(operation, left, right, position);
        }
    }

    private static bool IsScalar(Expression operand) => operand.Type.IsNumeric
        || operand.Type.Kind is TypeKind.Boolean or TypeKind.Date or TypeKind.Timestamp
            or TypeKind.TimestampTz or TypeKind.Time or TypeKind.Interval or TypeKind.Uuid;

    /// <summary>A comparison after both sides have met in one type.</summary>
    public static Expression Comparison(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        string sign = OperatorText.Of(operation);
        DataType common = Coercion.CommonType([left, right], sign, position);
        if (left.Type.IsVector && right.Type.IsVector)
        {
            CheckDimensions(left.Type, right.Type, position);
        }

        if (common.Kind == TypeKind.Null)
        {
            common = DataType.Integer;
        }

        return new ComparisonExpression(
            operation,
            Compared(left, common, position),
            Compared(right, common, position));
    }

    // Whole numbers of any range compare as they are, so that a column stays one that keys and
    // indexes know.
    private static Expression Compared(
        Expression side, DataType common, SourcePosition position) =>
        common.IsInteger && side.Type.IsInteger ? side : Coercion.To(side, common, position);

    /// <summary>Unary minus; of a literal it is the negative literal.</summary>
    public static Expression Negate(Expression operand, SourcePosition position)
    {
        if (operand is ConstantExpression { Value.IsNull: false } constant)
        {
            switch (constant.Type.Physical)
            {
                case PhysicalKind.Int64 when constant.Type.IsInteger
                    && constant.Value.AsInt64() != long.MinValue:
                    long whole = -constant.Value.AsInt64();
                    return ExpressionFactory.Literal(
                        whole == (int)whole ? Value.Of((int)whole) : Value.Of(whole), position);
                case PhysicalKind.Double:
                    return new ConstantExpression(
                        Value.OfDouble(constant.Type.Kind, -constant.Value.AsDouble()),
                        constant.Type, position);
                case PhysicalKind.Decimal when constant.Value.AsDecimal() == 9223372036854775808m:
                    return ExpressionFactory.Literal(Value.Of(long.MinValue), position);
                case PhysicalKind.Decimal:
                    return new ConstantExpression(
                        Value.Of(-constant.Value.AsDecimal()), constant.Type, position);
                default:
                    break;
            }
        }

        if (operand.Type.IsVector || operand.Type.Kind == TypeKind.Interval)
        {
            return FunctionRegistry.Bind(
                "*",
                [operand, ExpressionFactory.Literal(Value.Of(-1), position)],
                position);
        }

        return Arithmetic(
            BinaryOperator.Subtract,
            ExpressionFactory.Literal(Value.Of(0), position),
            operand,
            position);
    }

    /// <summary>Unary plus: the number itself; a text stays one too, as in SQLite.</summary>
    public static Expression Plus(Expression operand, SourcePosition position)
    {
        if (operand.Type.IsNumeric || operand.Type.Kind == TypeKind.Null
            || operand.Type.IsNumberVector
            || (operand.Type.Kind == TypeKind.Text && !Coercion.IsFlexible(operand)))
        {
            return operand;
        }

        return Number(operand, "+", position);
    }

    /// <summary>~ of an integer: -1 minus it; of bits the others.</summary>
    public static Expression BitwiseNot(Expression operand, SourcePosition position) =>
        operand.Type.Kind == TypeKind.BitString
        ? BitFunctions.Invert(operand, position)
        : new ArithmeticExpression(
            BinaryOperator.Subtract,
            new ConstantExpression(Value.Of(-1L), DataType.BigInt, position),
            Whole(operand, position),
            DataType.BigInt,
            position);

    /// <summary>[NOT] IN (items), as a set where the items are constants.</summary>
    public static Expression InList(
        Expression operand,
        IReadOnlyList<Expression> items,
        bool negated,
        SourcePosition position)
    {
        if (items.Count == 0)
        {
            return ExpressionFactory.Literal(Value.Of(negated), position);
        }

        DataType common = Coercion.CommonType([operand, .. items], "IN", position);
        if (common.Kind == TypeKind.Null)
        {
            common = DataType.Integer;
        }

        Expression[] children = [operand, .. items];
        for (int i = 0; i < children.Length; i++)
        {
            children[i] = Compared(children[i], common, position);
        }

        var list = new InListExpression(children);
        return negated ? new NotExpression(list) : list;
    }

    /// <summary>[NOT] LIKE and ILIKE.</summary>
    public static Expression Like(
        Expression operand,
        Expression pattern,
        Expression? escape,
        bool ignoreCase,
        bool negated,
        SourcePosition position)
    {
        Expression[] children = escape is null
            ? [Text(operand, position), Text(pattern, position)]
            : [Text(operand, position), Text(pattern, position), Text(escape, position)];
        var like = new LikeExpression(children, ignoreCase, position);
        return negated ? new NotExpression(like) : like;
    }

    /// <summary>CASE; the simple form compares the operand with each WHEN.</summary>
    public static Expression Case(
        Expression? operand,
        IReadOnlyList<(Expression When, Expression Then)> branches,
        Expression? otherwise,
        SourcePosition position)
    {
        Expression fallback = otherwise ?? ExpressionFactory.NullLiteral(position);
        var taken = new List<(Expression When, Expression Then)>(branches.Count);
        foreach ((Expression when, Expression then) in branches)
        {
            Expression condition = operand is null
                ? ExpressionFactory.Condition(when, position)
                : Comparison(BinaryOperator.Equal, operand, when, position);
            // A branch that is never or always taken does not leave the type open.
            if (ConstantFolder.Fold(condition) is not ConstantExpression constant)
            {
                taken.Add((condition, then));
            }
            else if (!constant.Value.IsNull && constant.Value.AsBoolean())
            {
                fallback = then;
                break;
            }
        }

        DataType type = Coercion.CommonType(
            [.. taken.Select(branch => branch.Then), fallback], "CASE", position);
        if (taken.Count == 0)
        {
            // A NULL of no type has that of the branches, none of which is taken.
            DataType open = branches.Select(static branch => branch.Then.Type)
                .FirstOrDefault(static then => then.Kind != TypeKind.Null, DataType.Null);
            return Coercion.To(
                fallback, type.Kind == TypeKind.Null ? open : type, position);
        }

        var children = new List<Expression>((taken.Count * 2) + 1);
        foreach ((Expression when, Expression then) in taken)
        {
            children.Add(when);
            children.Add(Coercion.To(then, type, position));
        }

        children.Add(Coercion.To(fallback, type, position));
        return new CaseExpression(type, children);
    }

    /// <summary>Raises an error if two vector types have different known dimensions.</summary>
    public static void CheckDimensions(DataType left, DataType right, SourcePosition position)
    {
        if (left.IsVector && right.IsVector
            && left.Length != 0 && right.Length != 0 && left.Length != right.Length)
        {
            throw new NeuroStoreException(
                ErrorCode.DimensionMismatch,
                $"{left} and {right} do not go together: the dimensions differ.",
                position);
        }
    }

    /// <summary>An operand as text: any type but bytes has a text.</summary>
    public static Expression Text(Expression operand, SourcePosition position) =>
        operand.Type.Kind == TypeKind.Blob
            ? throw Coercion.Mismatch("The operator", operand.Type, DataType.Text, position)
            : Coercion.To(operand, DataType.Text, position);

    /// <summary>An operand as BIGINT.</summary>
    public static Expression Whole(Expression operand, SourcePosition position)
    {
        if (operand.Type.IsInteger || operand.Type.Kind == TypeKind.Boolean
            || Coercion.IsFlexible(operand))
        {
            return Coercion.To(operand, DataType.BigInt, position);
        }

        throw new NeuroStoreException(
            ErrorCode.TypeMismatch,
            $"An integer is expected, {operand} is {operand.Type}.",
            position);
    }

    private static Expression Number(
        Expression operand, string sign, SourcePosition position)
    {
        if (operand.Type.Kind == TypeKind.Boolean)
        {
            return Coercion.To(operand, DataType.Integer, position);
        }

        if (Coercion.IsFlexible(operand))
        {
            return Coercion.To(operand, DataType.Double, position);
        }

        return operand.Type.IsNumeric
            ? operand
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"{sign} expects numbers, {operand} is {operand.Type}.",
                position);
    }

    private static Expression Arithmetic(
        BinaryOperator operation, Expression left, Expression right, SourcePosition position)
    {
        string sign = OperatorText.Of(operation);
        if (left.Type.IsVector || right.Type.IsVector
            || IsTime(left.Type) || IsTime(right.Type)
            || (operation == BinaryOperator.Subtract && left.Type.Kind == TypeKind.Json))
        {
            return FunctionRegistry.Bind(sign, [left, right], position);
        }

        left = FromPartner(left, right.Type, position);
        right = FromPartner(right, left.Type, position);
        left = Number(left, sign, position);
        right = Number(right, sign, position);
        Coercion.TryCommon(left.Type, right.Type, out DataType common);
        DataType type = common.Kind switch
        {
            TypeKind.Integer or TypeKind.BigInt => DataType.BigInt,
            TypeKind.Decimal => DataType.Decimal,
            TypeKind.Real => DataType.Real,
            _ => DataType.Double,
        };
        return new ArithmeticExpression(
            operation,
            Coercion.To(left, type, position),
            Coercion.To(right, type, position),
            type,
            position);
    }

    /// <summary>NULL and bare text take the type of the number on the other side.</summary>
    private static Expression FromPartner(
        Expression operand, DataType partner, SourcePosition position)
    {
        if (!Coercion.IsFlexible(operand))
        {
            return operand;
        }

        DataType type = partner.IsNumeric ? partner
            : operand.Type.Kind == TypeKind.Null ? DataType.Integer
            : DataType.Double;
        return Coercion.To(operand, type, position);
    }

    private static bool IsTime(DataType type) =>
        type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampTz
            or TypeKind.Interval or TypeKind.Time;
}
