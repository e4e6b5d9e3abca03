using System.Text;
using System.Text.RegularExpressions;

namespace NeuroDb.Query;

/// <summary>
/// regexp_match, regexp_split_to_array, regexp_instr, SIMILAR TO and the distance of texts.
/// </summary>
internal static class FurtherRegularFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("regexp_match", 2, 3, static call => OfTexts(call, static (text, pattern, flags) =>
            Groups(RegularExpressions.Run(
                () => RegularExpressions.Of(pattern, flags).Match(text))))),
        new("regexp_split_to_array", 2, 3, static call => OfTexts(
            call, static (text, pattern, flags) => RegularExpressions.Run(
                () => RegularExpressions.Of(pattern, flags).Split(text)))),
        new("string_split_regex", 2, 3, static call => ExpressionFactory.Call(
            "regexp_split_to_array", call.Arguments, call.Position)),
        new("regexp_instr", 2, 2, static call => call.Make(
            DataType.BigInt,
            RowLoops.Of<string, string, long>(Place),
            [call.Text(0), call.Text(1)])),
        new("similar_to", 2, 2, static call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, string, long>(static (text, pattern) =>
                RegularExpressions.Run(
                    () => RegularExpressions.Of(OfSimilar(pattern), "s").IsMatch(text)) ? 1 : 0),
            [call.Text(0), call.Text(1)])),
        new("regexp_part", 2, 2, static call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>(static (text, pattern) =>
                Groups(RegularExpressions.Run(
                    () => RegularExpressions.Of(pattern, "").Match(text)))?[0]!),
            [call.Text(0), call.Text(1)])),
        new("levenshtein", 2, 2, static call => call.Make(
            DataType.BigInt,
            RowLoops.OfLong<string, string, long>(Distance),
            [call.Text(0), call.Text(1)])),
        new("quote_nullable", 1, 1, static call => ExpressionFactory.Call(
            "coalesce",
            [
                ExpressionFactory.Call("quote_literal", call.Arguments, call.Position),
                new ConstantExpression(Value.Of("NULL"), DataType.Text),
            ],
            call.Position)),
        new("ord", 1, 1, static call =>
            ExpressionFactory.Call("unicode", call.Arguments, call.Position)),
    ];

    private static Expression OfTexts(
        FunctionCall call, Func<string, string, string, string?[]?> compute)
    {
        Expression flags = call.Count > 2
            ? call.Text(2)
            : new ConstantExpression(Value.Of(""), DataType.Text);
        return call.Make(
            DataType.ArrayOf(DataType.Text),
            RowLoops.Of<string, string, string, byte[]>((text, pattern, options) =>
                compute(text, pattern, options) is { } parts
                    ? ArrayCodec.Encode(
                        TypeKind.Text,
                        parts.Select(part => part is null ? Value.Null : Value.Of(part)))
                    : null!),
            [call.Text(0), call.Text(1), flags]);
    }

    // The groups, or the whole match of a pattern without groups.
    private static string?[]? Groups(Match match) => !match.Success ? null
        : match.Groups.Count == 1 ? [match.Value]
        : [.. match.Groups.Values.Skip(1).Select(group => group.Success ? group.Value : null)];

    private static long Place(string text, string pattern)
    {
        Match match = RegularExpressions.Run(
            () => RegularExpressions.Of(pattern, "").Match(text));
        return match.Success ? CountOfCodePoints(text.AsSpan(0, match.Index)) + 1 : 0;
    }

    private static long CountOfCodePoints(ReadOnlySpan<char> text)
    {
        long count = 0;
        foreach (Rune _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    // % and _ as in LIKE; | * + ? { } ( ) [ ] as in regular expressions; the rest is itself.
    private static string OfSimilar(string pattern)
    {
        var expression = new StringBuilder("^(?:");
        bool isInSet = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char character = pattern[i];
            if (character == '\\' && i + 1 < pattern.Length)
            {
                i++;
                expression.Append(Regex.Escape(pattern[i].ToString()));
                continue;
            }

            isInSet = character == '[' || (isInSet && character != ']');
            _ = (character, isInSet) switch
            {
                ('%', false) => expression.Append(".*"),
                ('_', false) => expression.Append('.'),
                ('.' or '^' or '$', false) => expression.Append('\\').Append(character),
                _ => expression.Append(character),
            };
        }

        return expression.Append(")\\z").ToString();
    }

    // Wagner and Fischer, The string-to-string correction problem, 1974, with one row.
    private static long Distance(string left, string right, ExecutionContext? context)
    {
        Rune[] from = [.. left.EnumerateRunes()];
        Rune[] to = [.. right.EnumerateRunes()];
        var row = new int[to.Length + 1];
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = i;
        }

        for (int i = 0; i < from.Length; i++)
        {
            context?.ThrowIfCancelled();
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < to.Length; j++)
            {
                int changed = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(changed, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
