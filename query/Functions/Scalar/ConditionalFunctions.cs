namespace NeuroDb.Query;

/// <summary>
/// coalesce, ifnull, nullif, iif, greatest, least and SQLite's max and min of values.
/// </summary>
internal static class ConditionalFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("coalesce", 1, int.MaxValue, Coalesce),
        new("ifnull", 2, 2, Coalesce),
        new("nvl", 2, 2, Coalesce),
        new("nullif", 2, 2, NullIf),
        new("iif", 2, 3, Iif),
        new("if", 2, 3, Iif),
        new("greatest", 1, int.MaxValue, call => Extreme(call, greatest: true, strict: false)),
        new("least", 1, int.MaxValue, call => Extreme(call, greatest: false, strict: false)),
        new("max", 2, int.MaxValue, call => Extreme(call, greatest: true, strict: true)),
        new("min", 2, int.MaxValue, call => Extreme(call, greatest: false, strict: true)),
    ];

    private static Expression Coalesce(FunctionCall call)
    {
        // What can never be given does not decide the type: constants are settled here.
        var arguments = new List<Expression>();
        foreach (Expression argument in call.Arguments)
        {
            Expression folded = ConstantFolder.Fold(argument);
            bool isConstant = folded is ConstantExpression { Type.Kind: not TypeKind.Text };
            bool isNull = isConstant && ((ConstantExpression)folded).Value.IsNull;
            if (!isNull || folded.Type.Kind == TypeKind.Null)
            {
                arguments.Add(argument);
            }

            if (isConstant && !isNull)
            {
                break;
            }
        }

        if (arguments.Count == 0)
        {
            arguments.AddRange(call.Arguments);
        }

        DataType type = Coercion.CommonType(arguments, call.Name, call.Position);
        return arguments.Count == 1
            ? Coercion.To(arguments[0], type, call.Position)
            : new CoalesceExpression(
                type, [.. arguments.Select(item => Coercion.To(item, type, call.Position))]);
    }

    private static Expression NullIf(FunctionCall call)
    {
        Expression value = call.Arguments[0];
        Expression equal = ExpressionFactory.Binary(
            BinaryOperator.Equal, value, call.Arguments[1], call.Position);
        return ExpressionFactory.Case(
            null, [(equal, ExpressionFactory.NullLiteral())], value, call.Position);
    }

    private static Expression Iif(FunctionCall call) => ExpressionFactory.Case(
        null,
        [(call.Arguments[0], call.Arguments[1])],
        call.Count > 2 ? call.Arguments[2] : null,
        call.Position);

    private static Expression Extreme(FunctionCall call, bool greatest, bool strict)
    {
        DataType type = Coercion.CommonType(call.Arguments, call.Name, call.Position);
        return call.Make(
            type,
            (arguments, run) => Extreme(arguments, run, greatest, strict),
            [.. call.Arguments.Select(item => Coercion.To(item, type, call.Position))]);
    }

    /// <summary>
    /// greatest and least skip NULLs as in PostgreSQL; max and min of several values are NULL if
    /// one is, as in SQLite.
    /// </summary>
    private static ColumnBuffer Extreme(
        ColumnBuffer[] arguments, FunctionRun run, bool greatest, bool strict)
    {
        ColumnBuilder result = ColumnBuilder.Create(run.Type, run.Count);
        for (int row = 0; row < run.Count; row++)
        {
            ColumnBuffer? best = null;
            int bestRow = 0;
            foreach (ColumnBuffer argument in arguments)
            {
                int at = argument.Count == 1 ? 0 : row;
                if (argument.IsNull(at))
                {
                    if (strict)
                    {
                        best = null;
                        break;
                    }
                }
                else if (best is null
                    || ValueOrder.Compare(argument, at, best, bestRow) is int order
                        && (greatest ? order > 0 : order < 0))
                {
                    (best, bestRow) = (argument, at);
                }
            }

            if (best is null)
            {
                result.AppendNull();
            }
            else
            {
                result.AppendRow(best, bestRow);
            }
        }

        return result.Build();
    }
}
