namespace NeuroDb.Query;

/// <summary>The table functions by name, with their type rules.</summary>
internal static class TableFunctionRegistry
{
    private static readonly Dictionary<
        string, Func<FunctionCall, (TableFunction, IReadOnlyList<Expression>)>> Functions =
        new(StringComparer.OrdinalIgnoreCase)
        {
            ["chunks"] = ChunkFunctions.BindChunks,
            ["generate_series"] = SeriesFunctions.Bind,
            ["generate_subscripts"] = ArrayTableFunctions.BindSubscripts,
            ["json_array_elements"] = JsonMemberFunctions.BindElements,
            ["json_array_elements_text"] = JsonMemberFunctions.BindElements,
            ["json_each"] = JsonTableFunctions.BindEach,
            ["json_each_text"] = JsonMemberFunctions.BindMembers,
            ["json_object_keys"] = JsonMemberFunctions.BindKeys,
            ["jsonb_array_elements"] = JsonMemberFunctions.BindElements,
            ["jsonb_array_elements_text"] = JsonMemberFunctions.BindElements,
            ["jsonb_each"] = JsonMemberFunctions.BindMembers,
            ["jsonb_each_text"] = JsonMemberFunctions.BindMembers,
            ["jsonb_object_keys"] = JsonMemberFunctions.BindKeys,
            ["ml.index_recall"] = IndexFunctions.BindRecall,
            ["range"] = SeriesFunctions.Bind,
            ["regexp_matches"] = TextTableFunctions.BindMatches,
            ["regexp_split_to_table"] = TextTableFunctions.BindSplit,
            ["string_to_table"] = TextTableFunctions.BindParts,
            ["unnest"] = ArrayTableFunctions.BindUnnest,
        };

    /// <summary>The names.</summary>
    public static IEnumerable<string> Names =>
        Functions.Keys.Append(HybridSearchBinder.FunctionName)
            .Append(SemanticSearchBinder.FunctionName).Concat(ObjectFunctions.Names);

    /// <summary>Binds a call, or raises an error that says what is wrong with it.</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) Bind(
        string name, IReadOnlyList<Expression> arguments, SourcePosition position)
    {
        if (SystemRelations.BindPragma(name, arguments, position) is { } pragma)
        {
            return pragma;
        }

        if (!Functions.TryGetValue(name, out var bind))
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownFunction,
                $"There is no table function {name}.{NearMatch.Hint(name, Names)}",
                position);
        }

        return bind(new FunctionCall(name.ToLowerInvariant(), arguments, position));
    }

    /// <summary>The error for a wrong number of arguments.</summary>
    public static NeuroStoreException WrongCount(FunctionCall call, string expected) => new(
        ErrorCode.WrongArgumentCount,
        $"{call.Name} takes {expected} arguments, not {call.Count}.",
        call.Position);
}
