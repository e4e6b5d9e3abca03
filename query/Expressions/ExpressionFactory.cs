using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Makes typed expressions out of operands of any type: checks the types, converts the operands
/// and raises errors with the place in the statement. What the binder builds trees with.
/// </summary>
internal static class ExpressionFactory
{
    /// <summary>A bare NULL, which takes any type.</summary>
    public static Expression NullLiteral(SourcePosition position = default) =>
        new ConstantExpression(Value.Null, DataType.Null, position);

    /// <summary>A constant of the type of its value.</summary>
    public static Expression Literal(Value value, SourcePosition position = default) =>
        new ConstantExpression(
            value,
            BoundVariant.TypeOf(value),
            position);

    /// <summary>
    /// A number as written: digits are the first of INTEGER, BIGINT, DECIMAL and DOUBLE PRECISION
    /// that holds them, a decimal point makes a DECIMAL, an exponent a DOUBLE PRECISION.
    /// </summary>
    public static Expression NumberLiteral(string text, SourcePosition position = default)
    {
        if (long.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
        {
            return Literal(
                whole == (int)whole ? Value.Of((int)whole) : Value.Of(whole), position);
        }

        bool hasExponent = text.AsSpan().IndexOfAny('e', 'E') >= 0;
        if (!hasExponent && text.Count(char.IsAsciiDigit) <= Limits.DecimalPrecisionMax
            && decimal.TryParse(
                text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out decimal number))
        {
            return Literal(Value.Of(number), position);
        }

        if (!double.TryParse(
            text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real))
        {
            throw ValueParser.Invalid(text, DataType.Double, position);
        }

        return double.IsFinite(real)
            ? Literal(Value.Of(real), position)
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"{ValueText.Shorten(text)} does not fit DOUBLE PRECISION.",
                position);
    }

    /// <summary>- + ~ NOT.</summary>
    public static Expression Unary(
        UnaryOperator operation, Expression operand, SourcePosition position = default) =>
        operation switch
        {
            UnaryOperator.Not => Not(operand, position),
            UnaryOperator.BitwiseNot => OperatorFactory.BitwiseNot(operand, position),
            UnaryOperator.Plus => OperatorFactory.Plus(operand, position),
            _ => OperatorFactory.Negate(operand, position),
        };

    /// <summary>All operators between two operands.</summary>
    public static Expression Binary(
        BinaryOperator operation,
        Expression left,
        Expression right,
        SourcePosition position = default) =>
        OperatorFactory.Binary(operation, left, right, position);

    /// <summary>All conditions hold; of none: true.</summary>
    public static Expression And(
        IReadOnlyList<Expression> operands, SourcePosition position = default) =>
        Logical(isAnd: true, operands, position);

    /// <summary>At least one condition holds; of none: false.</summary>
    public static Expression Or(
        IReadOnlyList<Expression> operands, SourcePosition position = default) =>
        Logical(isAnd: false, operands, position);

    /// <summary>NOT of a condition.</summary>
    public static Expression Not(Expression operand, SourcePosition position = default) =>
        new NotExpression(Condition(operand, position));

    /// <summary>
    /// An expression as condition: booleans as they are, numbers as "not zero", and what takes
    /// any type as boolean.
    /// </summary>
    public static Expression Condition(Expression operand, SourcePosition position = default)
    {
        if (operand.Type.Kind == TypeKind.Boolean)
        {
            return operand;
        }

        if (Coercion.IsFlexible(operand))
        {
            return Coercion.To(operand, DataType.Boolean, position);
        }

        return operand.Type.IsNumeric
            ? new CastExpression(operand, DataType.Boolean, CastKind.Explicit, position)
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"A condition is expected, {operand} is {operand.Type}.",
                position);
    }

    /// <summary>IS [NOT] NULL.</summary>
    public static Expression IsNull(Expression operand, bool negated) =>
        new IsNullExpression(operand, negated);

    /// <summary>IS [NOT] TRUE or FALSE; NULL is neither.</summary>
    public static Expression IsTruth(
        Expression operand, bool truth, bool negated, SourcePosition position = default) =>
        new ComparisonExpression(
            negated ? BinaryOperator.IsDistinctFrom : BinaryOperator.IsNotDistinctFrom,
            Condition(operand, position),
            Literal(Value.Of(truth), position));

    /// <summary>IS [NOT] NULL, TRUE, FALSE or UNKNOWN.</summary>
    public static Expression Is(
        Expression operand, TruthTest test, bool negated, SourcePosition position = default) =>
        test switch
        {
            TruthTest.Null => IsNull(operand, negated),
            TruthTest.Unknown => IsNull(Condition(operand, position), negated),
            _ => IsTruth(operand, test == TruthTest.True, negated, position),
        };

    /// <summary>[NOT] BETWEEN low AND high.</summary>
    public static Expression Between(
        Expression operand,
        Expression low,
        Expression high,
        bool negated,
        SourcePosition position = default)
    {
        Expression within = And(
            [
                Binary(BinaryOperator.GreaterOrEqual, operand, low, position),
                Binary(BinaryOperator.LessOrEqual, operand, high, position),
            ],
            position);
        return negated ? Not(within, position) : within;
    }

    /// <summary>[NOT] IN (items).</summary>
    public static Expression InList(
        Expression operand,
        IReadOnlyList<Expression> items,
        bool negated,
        SourcePosition position = default) =>
        OperatorFactory.InList(operand, items, negated, position);

    /// <summary>[NOT] LIKE and ILIKE; the escape character may be null: none.</summary>
    public static Expression Like(
        Expression operand,
        Expression pattern,
        Expression? escape,
        bool ignoreCase,
        bool negated,
        SourcePosition position = default) =>
        OperatorFactory.Like(operand, pattern, escape, ignoreCase, negated, position);

    /// <summary>Writes the rows where a condition is true; gives their number.</summary>
    public static int Filter(
        Expression predicate, RowBatch batch, ExecutionContext context, Span<int> selected) =>
        PredicateFilter.Filter(predicate, batch, context, selected);

    /// <summary>CASE [operand] WHEN ... THEN ... [ELSE ...] END.</summary>
    public static Expression Case(
        Expression? operand,
        IReadOnlyList<(Expression When, Expression Then)> branches,
        Expression? otherwise,
        SourcePosition position = default) =>
        OperatorFactory.Case(operand, branches, otherwise, position);

    /// <summary>CASE with conditions: as many results as conditions.</summary>
    public static Expression Case(
        IReadOnlyList<Expression> conditions,
        IReadOnlyList<Expression> results,
        Expression? otherwise,
        SourcePosition position = default) =>
        Case(null, [.. conditions.Zip(results)], otherwise, position);

    /// <summary>CAST(operand AS target).</summary>
    public static Expression Cast(
        Expression operand, DataType target, SourcePosition position = default)
    {
        if (operand.Type == target)
        {
            return operand;
        }

        return Coercion.CanCast(operand.Type, target)
            ? new CastExpression(operand, target, CastKind.Explicit, position)
            : throw new NeuroStoreException(
                ErrorCode.TypeMismatch, $"{operand.Type} does not cast to {target}.", position);
    }

    /// <summary>The value of an expression as it is stored into a column of a type.</summary>
    public static Expression Assign(
        Expression operand, DataType column, SourcePosition position = default)
    {
        if (operand.Type == column)
        {
            return operand;
        }

        if (!Coercion.CanAssign(operand.Type, column) && !Coercion.IsFlexible(operand))
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"A column of type {column} does not take {operand.Type}; write "
                + "CAST(... AS ...) where that is meant.",
                position);
        }

        OperatorFactory.CheckDimensions(operand.Type, column, position);
        return operand is ConstantExpression constant
            && !ZonedConverter.IsZoned(constant.Type, column)
            ? Coercion.Convert(constant, column, CastKind.Assignment, position)
            : new CastExpression(operand, column, CastKind.Assignment, position);
    }

    /// <summary>A call of a scalar function.</summary>
    public static Expression Call(
        string name, IReadOnlyList<Expression> arguments, SourcePosition position = default) =>
        FunctionRegistry.Bind(name, arguments, position);

    /// <summary>Whether a name with that many arguments is an aggregate.</summary>
    public static bool IsAggregate(string name, int argumentCount = 1) =>
        AggregateRegistry.IsAggregate(name, argumentCount);

    /// <summary>
    /// An aggregate; the arguments to evaluate are in <see cref="AggregateFunction.Arguments"/>,
    /// converted. count(*) has none.
    /// </summary>
    public static AggregateFunction ResolveAggregate(
        string name,
        IReadOnlyList<Expression> arguments,
        bool isDistinct,
        SourcePosition position = default,
        IReadOnlyList<SortKey>? order = null) =>
        AggregateRegistry.Resolve(name, arguments, isDistinct, position, order);

    /// <summary>The type in which values of both types meet (UNION, CASE, VALUES).</summary>
    public static DataType CommonType(
        DataType left, DataType right, SourcePosition position = default) =>
        Coercion.TryCommon(left, right, out DataType common)
            ? common
            : throw Coercion.Mismatch("The query", left, right, position);

    /// <summary>Brings an expression to a common type.</summary>
    public static Expression Convert(
        Expression operand, DataType type, SourcePosition position = default) =>
        Coercion.To(operand, type, position);

    /// <summary>Computes parts without columns and parameters once.</summary>
    public static Expression FoldConstants(Expression expression) =>
        ConstantFolder.Fold(expression);

    private static Expression Logical(
        bool isAnd, IReadOnlyList<Expression> operands, SourcePosition position)
    {
        var conditions = new List<Expression>(operands.Count);
        foreach (Expression operand in operands)
        {
            Expression condition = Condition(operand, position);
            if (condition is LogicalExpression inner && inner.IsAnd == isAnd)
            {
                conditions.AddRange(inner.Children);
            }
            else
            {
                conditions.Add(condition);
            }
        }

        return conditions.Count switch
        {
            0 => Literal(Value.Of(isAnd), position),
            1 => conditions[0],
            _ => new LogicalExpression(isAnd, conditions),
        };
    }
}
