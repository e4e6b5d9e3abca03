namespace NeuroDb.Query;

/// <summary>Calls whose arguments may be named: make_interval (days => 3).</summary>
internal static class NamedArguments
{
    /// <summary>The arguments of make_interval in their order, 0 for those not given.</summary>
    public static Expression[] OfInterval(
        FunctionCallSyntax call, Func<ExpressionSyntax, Expression> bind)
    {
        var arguments = new Expression[IntervalFunctions.MakeNames.Length];
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            FunctionArgumentSyntax argument = call.Arguments[i];
            int place = argument.Name is { } name
                ? Array.IndexOf(IntervalFunctions.MakeNames, name.Name.ToLowerInvariant())
                : i;
            if (place < 0 || place >= arguments.Length || arguments[place] is not null)
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    "make_interval takes each of "
                    + $"{string.Join(", ", IntervalFunctions.MakeNames)} once.",
                    argument.Position);
            }

            arguments[place] = bind(argument.Value);
        }

        return [.. arguments.Select(argument =>
            argument ?? ExpressionFactory.Literal(Value.Of(0), call.Position))];
    }
}
