namespace NeuroDb.Query;

/// <summary>Calls whose arguments may be named: make_interval (days => 3).</summary>
internal static class NamedArguments
{
    /// <summary>The names of the arguments of a function, if it has any.</summary>
    /// <param name="function">The function.</param>
    /// <param name="names">The names in the order of the arguments.</param>
    /// <param name="usual">What those are that are not given; negative if they must be.</param>
    public static bool TryFind(string function, out string[] names, out long[] usual)
    {
        bool isChunk = function.Equals("chunk", StringComparison.OrdinalIgnoreCase)
            || function.Equals("chunks", StringComparison.OrdinalIgnoreCase);
        names = isChunk ? ChunkFunctions.ArgumentNames : IntervalFunctions.MakeNames;
        usual = isChunk ? ChunkFunctions.UsualArguments : new long[names.Length];
        return isChunk || IntervalFunctions.IsMake(function);
    }

    /// <summary>The arguments in their order.</summary>
    public static Expression[] InOrder(
        FunctionCallSyntax call,
        string[] names,
        long[] usual,
        Func<ExpressionSyntax, Expression> bind)
    {
        var arguments = new Expression[names.Length];
        for (int i = 0; i < call.Arguments.Count; i++)
        {
            FunctionArgumentSyntax argument = call.Arguments[i];
            int place = argument.Name is { } name
                ? Array.IndexOf(names, name.Name.ToLowerInvariant())
                : i;
            if (place < 0 || place >= arguments.Length || arguments[place] is not null)
            {
                throw Wrong(call, names, argument.Position);
            }

            arguments[place] = bind(argument.Value);
        }

        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] ??= usual[i] >= 0
                ? ExpressionFactory.Literal(Value.Of(usual[i]), call.Position)
                : throw Wrong(call, names, call.Position);
        }

        return arguments;
    }

    private static NeuroStoreException Wrong(
        FunctionCallSyntax call, string[] names, SourcePosition position) => new(
            ErrorCode.NotSupported,
            $"{call.Name.Text} takes each of {string.Join(", ", names)} once.",
            position);
}
