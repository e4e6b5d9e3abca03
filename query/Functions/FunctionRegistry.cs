namespace NeuroDb.Query;

/// <summary>The scalar functions by name; operators on non-numbers stand here too.</summary>
internal static class FunctionRegistry
{
    private static readonly Dictionary<string, FunctionDefinition> Definitions = Collect();

    /// <summary>The names, for messages and completion.</summary>
    public static IEnumerable<string> Names =>
        Definitions.Keys.Where(name => char.IsAsciiLetter(name[0]));

    /// <summary>Whether a scalar function has that name.</summary>
    public static bool Contains(string name) =>
        Definitions.ContainsKey(name.ToLowerInvariant());

    /// <summary>Binds a call, or raises an error that says what is wrong with it.</summary>
    public static Expression Bind(
        string name, IReadOnlyList<Expression> arguments, SourcePosition position)
    {
        string key = name.ToLowerInvariant();
        if (!Definitions.TryGetValue(key, out FunctionDefinition? definition))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownFunction,
                $"No function is named {name}."
                + NearMatch.Hint(key, AggregateRegistry.Names.Concat(Names)),
                position);
        }

        if (arguments.Count < definition.ArgumentCountMin
            || arguments.Count > definition.ArgumentCountMax)
        {
            throw WrongCount(definition, arguments.Count, position);
        }

        return definition.Bind(new FunctionCall(key, arguments, position));
    }

    private static NeuroStoreException WrongCount(
        FunctionDefinition definition, int actual, SourcePosition position)
    {
        (int min, int max) = (definition.ArgumentCountMin, definition.ArgumentCountMax);
        string expected = min == max ? $"{min}"
            : max == int.MaxValue ? $"at least {min}"
            : $"{min} to {max}";
        return new NeuroStoreException(
            ErrorCode.WrongArgumentCount,
            $"{definition.Name} takes {expected} argument(s), not {actual}.",
            position);
    }

    private static Dictionary<string, FunctionDefinition> Collect()
    {
        var definitions = new Dictionary<string, FunctionDefinition>(StringComparer.Ordinal);
        FunctionDefinition[][] groups =
        [
            MathFunctions.Definitions,
            ConditionalFunctions.Definitions,
            OperatorFunctions.Definitions,
            VectorFunctions.Definitions,
            VectorNames.Definitions,
            TextFunctions.Definitions,
            TextSearchFunctions.Definitions,
            TextMatchFunctions.Definitions,
            SystemFunctions.Definitions,
            SequenceFunctions.Definitions,
            JsonChangeFunctions.Definitions,
            TimeFormatFunctions.Definitions,
            TimeFunctions.Definitions,
            IntervalFunctions.Definitions,
            ArrayFunctions.Definitions,
            ArrayFunctions.FurtherDefinitions,
            StructFunctions.Definitions,
            MapFunctions.Definitions,
            EnumFunctions.Definitions,
            BitFunctions.Definitions,
            FurtherTimeFunctions.Definitions,
            CalendarFunctions.Definitions,
            PatternFunctions.Definitions,
            JsonBuildFunctions.Definitions,
            JsonFunctions.Definitions,
            RegularFunctions.Definitions,
            FurtherRegularFunctions.Definitions,
            NumberTestFunctions.Definitions,
            UsualNames.Definitions,
            FurtherTextFunctions.Definitions,
            FurtherMathFunctions.Definitions,
            DegreeFunctions.Definitions,
            ByteFunctions.Definitions,
            ImageFunctions.Definitions,
            AudioFunctions.Definitions,
            ChunkFunctions.Definitions,
        ];
        foreach (FunctionDefinition[] group in groups)
        {
            foreach (FunctionDefinition definition in group)
            {
                definitions.Add(definition.Name, definition);
            }
        }

        return definitions;
    }
}
