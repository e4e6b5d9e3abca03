using System.Text.RegularExpressions;

namespace NeuroDb.Query;

/// <summary>Functions of regular expressions, also behind REGEXP and ~.</summary>
internal static class RegularFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("regexp", 2, 2, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, string, long>((pattern, text) =>
                IsMatch(text, pattern, "") ? 1 : 0),
            [call.Text(0), call.Text(1)])),
        new("regexp_like", 2, 3, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, string, string, long>((text, pattern, flags) =>
                IsMatch(text, pattern, flags) ? 1 : 0),
            [call.Text(0), call.Text(1), Flags(call, 2)])),
        new("regexp_count", 2, 4, Count),
        new("regexp_substr", 2, 3, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string, string>(Part),
            [call.Text(0), call.Text(1), Flags(call, 2)])),
        new("regexp_replace", 3, 4, BindReplace),
    ];

    private static Expression Flags(FunctionCall call, int ordinal) => call.Count > ordinal
        ? call.Text(ordinal)
        : new ConstantExpression(Value.Of(""), DataType.Text);

    private static bool IsMatch(string text, string pattern, string flags) =>
        RegularExpressions.Run(() => RegularExpressions.Of(pattern, flags).IsMatch(text));

    // The flags, or as in PostgreSQL the place to begin at and the flags.
    private static Expression Count(FunctionCall call)
    {
        bool hasPlace = call.Count > 2 && call.TypeOf(2).IsInteger;
        return call.Make(
            DataType.BigInt,
            RowLoops.Of<string, string, string, long>((text, pattern, flags) =>
                RegularExpressions.Run(
                    () => RegularExpressions.Of(pattern, flags).Count(text))),
            [
                hasPlace
                    ? ExpressionFactory.Call(
                        "substr", [call.Arguments[0], call.Arguments[2]], call.Position)
                    : call.Text(0),
                call.Text(1),
                Flags(call, hasPlace ? 3 : 2),
            ]);
    }

    private static string Part(string text, string pattern, string flags)
    {
        Match match = RegularExpressions.Run(
            () => RegularExpressions.Of(pattern, flags).Match(text));
        return match.Success ? match.Value : null!;
    }

    /// <summary>The first match is replaced, or all with the flag g, as in PostgreSQL.</summary>
    private static Expression BindReplace(FunctionCall call)
    {
        Expression[] arguments = [call.Text(0), call.Text(1), call.Text(2), Flags(call, 3)];
        return call.Make(
            DataType.Text,
            (columns, run) =>
            {
                byte[]? nulls = ColumnLoops.UnionNulls(run.Count, columns);
                var text = new Operand<string>(columns[0], run.Count);
                var pattern = new Operand<string>(columns[1], run.Count);
                var with = new Operand<string>(columns[2], run.Count);
                var flags = new Operand<string>(columns[3], run.Count);
                var result = new string[run.Count];
                for (int i = 0; i < result.Length; i++)
                {
                    result[i] = nulls is not null && nulls[i] != 0
                        ? ""
                        : Replace(text[i], pattern[i], with[i], flags[i], run.Context);
                }

                return new ColumnBuffer<string>(
                    run.Type, result, 0, run.Count, new NullMask(nulls));
            },
            arguments);
    }

    private static string Replace(
        string text, string pattern, string with, string flags, ExecutionContext? context)
    {
        Regex expression = RegularExpressions.Of(pattern, flags);
        int most = flags.Contains('g', StringComparison.Ordinal) ? -1 : 1;
        return RegularExpressions.Run(
            () => expression.Replace(
                text,
                match =>
                {
                    context?.ThrowIfCancelled();
                    return Expand(match, with);
                },
                most));
    }

    /// <summary>\\1 to \\9 stand for groups and \\&amp; for the match, as in PostgreSQL.</summary>
    private static string Expand(Match match, string with)
    {
        if (!with.Contains('\\', StringComparison.Ordinal))
        {
            return with;
        }

        var text = new System.Text.StringBuilder();
        for (int i = 0; i < with.Length; i++)
        {
            char next = with[i] == '\\' && i + 1 < with.Length ? with[i + 1] : '\0';
            switch (next)
            {
                case >= '1' and <= '9':
                    text.Append(match.Groups[next - '0'].Value);
                    i++;
                    break;
                case '&':
                    text.Append(match.Value);
                    i++;
                    break;
                case '\\':
                    text.Append('\\');
                    i++;
                    break;
                default:
                    text.Append(with[i]);
                    break;
            }
        }

        return text.ToString();
    }
}
