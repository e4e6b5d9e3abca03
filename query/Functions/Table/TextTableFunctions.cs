using System.Text.RegularExpressions;

namespace NeuroDb.Query;

/// <summary>Table functions that cut texts into rows.</summary>
internal static class TextTableFunctions
{
    /// <summary>string_to_table (text, separator).</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindParts(
        FunctionCall call)
    {
        RequireTwo(call);
        return (
            new TableFunction(call.Name, [(call.Name, DataType.Text)], Parts),
            [call.Text(0), call.Text(1)]);
    }

    /// <summary>regexp_split_to_table (text, pattern).</summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindSplit(
        FunctionCall call)
    {
        RequireTwo(call);
        return (
            new TableFunction(call.Name, [(call.Name, DataType.Text)], Split),
            [call.Text(0), call.Text(1)]);
    }

    private static void RequireTwo(FunctionCall call)
    {
        if (call.Count != 2)
        {
            throw TableFunctionRegistry.WrongCount(call, "2");
        }
    }

    private static IEnumerable<Value[]> Parts(Value[] values)
    {
        if (values[0].IsNull)
        {
            return [];
        }

        string text = values[0].AsText();
        string separator = values[1].IsNull ? "" : values[1].AsText();
        IEnumerable<string> parts = separator.Length == 0
            ? [text]
            : text.Split(separator);
        return parts.Select(part => new[] { Value.Of(part) });
    }

    private static IEnumerable<Value[]> Split(Value[] values)
    {
        if (values[0].IsNull || values[1].IsNull)
        {
            return [];
        }

        Regex pattern = RegularExpressions.Of(values[1].AsText(), "");
        return RegularExpressions
            .Run(() => pattern.Split(values[0].AsText()))
            .Select(part => new[] { Value.Of(part) });
    }

    /// <summary>
    /// regexp_matches (text, pattern [, flags]): the groups of the first match, or of each with
    /// the flag g, as an array; without groups, the match.
    /// </summary>
    public static (TableFunction Function, IReadOnlyList<Expression> Arguments) BindMatches(
        FunctionCall call)
    {
        if (call.Count is < 2 or > 3)
        {
            throw TableFunctionRegistry.WrongCount(call, "2 or 3");
        }

        return (
            new TableFunction(
                call.Name, [(call.Name, DataType.ArrayOf(DataType.Text))], Matches),
            [.. Enumerable.Range(0, call.Count).Select(call.Text)]);
    }

    private static IEnumerable<Value[]> Matches(Value[] values)
    {
        if (values.Any(static value => value.IsNull))
        {
            return [];
        }

        string flags = values.Length > 2 ? values[2].AsText() : "";
        Regex pattern = RegularExpressions.Of(values[1].AsText(), flags);
        List<Match> found = RegularExpressions.Run(
            () => pattern.Matches(values[0].AsText()).ToList());
        return found
            .Take(flags.Contains('g') ? int.MaxValue : 1)
            .Select(static match => new[]
            {
                ArrayCodec.ToValue(
                    TypeKind.Text,
                    match.Groups.Count == 1
                        ? [Value.Of(match.Value)]
                        : [.. match.Groups.Values.Skip(1).Select(static group =>
                            group.Success ? Value.Of(group.Value) : Value.Null)]),
            });
    }
}
