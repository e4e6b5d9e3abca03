namespace NeuroDb.Query;

/// <summary>One call of a function while it is bound.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Arguments">The arguments as they were bound.</param>
/// <param name="Position">The place in the statement.</param>
internal sealed record FunctionCall(
    string Name, IReadOnlyList<Expression> Arguments, SourcePosition Position)
{
    /// <summary>How many arguments.</summary>
    public int Count => Arguments.Count;

    /// <summary>The type of an argument.</summary>
    public DataType TypeOf(int ordinal) => Arguments[ordinal].Type;

    /// <summary>An argument as TEXT.</summary>
    public Expression Text(int ordinal) => OperatorFactory.Text(Arguments[ordinal], Position);

    /// <summary>An argument as BIGINT.</summary>
    public Expression Whole(int ordinal) => OperatorFactory.Whole(Arguments[ordinal], Position);

    /// <summary>An argument that is a number, as DOUBLE PRECISION.</summary>
    public Expression Double(int ordinal)
    {
        Expression argument = Arguments[ordinal];
        return Coercion.IsNumberLike(argument.Type) || Coercion.IsFlexible(argument)
            ? Coercion.To(argument, DataType.Double, Position)
            : throw Mismatch(ordinal, "a number");
    }

    /// <summary>An argument as VECTOR.</summary>
    public Expression Vector(int ordinal) =>
        VectorDistance.ToVector(Arguments[ordinal], 0, Position);

    /// <summary>An argument of a type, or of one that converts to it without a cast.</summary>
    public Expression As(int ordinal, DataType type)
    {
        Expression argument = Arguments[ordinal];
        return Coercion.IsFlexible(argument)
            || (Coercion.TryCommon(argument.Type, type, out DataType common) && common == type)
            ? Coercion.To(argument, type, Position)
            : throw Mismatch(ordinal, type.ToString());
    }

    /// <summary>The expression of an immutable function.</summary>
    public Expression Make(
        DataType type,
        FunctionBody body,
        IReadOnlyList<Expression> arguments,
        FunctionVolatility volatility = FunctionVolatility.Immutable) =>
        new FunctionExpression(Name, type, arguments, body, volatility, Position);

    /// <summary>The error for an argument of the wrong type.</summary>
    public NeuroStoreException Mismatch(int ordinal, string expected) => new(
        ErrorCode.TypeMismatch,
        $"Argument {ordinal + 1} of {Name}: {expected} is expected, "
        + $"{Arguments[ordinal]} is {TypeOf(ordinal)}.",
        Position);
}
