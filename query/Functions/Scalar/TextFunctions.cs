using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Functions that make text. Places and lengths count code points, so that no character is ever
/// cut in half.
/// </summary>
internal static class TextFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        Of("lower", text => text.ToLowerInvariant()),
        Of("upper", text => text.ToUpperInvariant()),
        new("reverse", 1, 1, static call => call.TypeOf(0).Kind == TypeKind.Blob
            ? call.Make(
                DataType.Blob,
                RowLoops.Of<byte[], byte[]>(static bytes => [.. bytes.Reverse()]),
                call.Arguments)
            : call.Make(
                DataType.Text, RowLoops.Of<string, string>(CodePoints.Reverse), [call.Text(0)])),
        Trim("trim", start: true, end: true),
        Trim("btrim", start: true, end: true),
        Trim("ltrim", start: true, end: false),
        Trim("rtrim", start: false, end: true),
        new("substr", 2, 3, Substring),
        new("substring", 2, 3, Substring),
        Of("left", CodePoints.Left),
        Of("right", CodePoints.Right),
        Of("repeat", Repeat),
        new("lpad", 2, 3, call => Pad(call, atStart: true)),
        new("rpad", 2, 3, call => Pad(call, atStart: false)),
        new("replace", 3, 3, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string, string>((text, old, with) => old.Length == 0
                ? text
                : text.Replace(old, with, StringComparison.Ordinal)),
            [call.Text(0), call.Text(1), call.Text(2)])),
        new("concat", 1, int.MaxValue, call => Join(call, hasSeparator: false)),
        new("concat_ws", 2, int.MaxValue, call => Join(call, hasSeparator: true)),
        new("split_part", 3, 3, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, long, string>(SplitPart),
            [call.Text(0), call.Text(1), call.Whole(2)])),
        OfWhole("chr", Character),
        new("char", 0, int.MaxValue, call => call.Make(
            DataType.Text,
            Characters,
            [.. Enumerable.Range(0, call.Count).Select(call.Whole)])),
        new("printf", 1, int.MaxValue, Template),
        new("format", 1, int.MaxValue, Template),
    ];

    private static FunctionDefinition Of(string name, Func<string, string> function) =>
        new(name, 1, 1, call =>
            call.Make(DataType.Text, RowLoops.Of(function), [call.Text(0)]));

    private static FunctionDefinition Of(string name, Func<string, long, string> function) =>
        new(name, 2, 2, call => call.Make(
            DataType.Text, RowLoops.Of(function), [call.Text(0), call.Whole(1)]));

    private static FunctionDefinition OfWhole(string name, Func<long, string> function) =>
        new(name, 1, 1, call =>
            call.Make(DataType.Text, RowLoops.Of(function), [call.Whole(0)]));

    private static FunctionDefinition Trim(string name, bool start, bool end) =>
        new(name, 1, 2, call => call is { Count: 2 } && call.TypeOf(0).Kind == TypeKind.Blob
            ? ByteFunctions.Trim(call, start, end)
            : call.Make(
                DataType.Text,
                RowLoops.Of<string, string, string>((text, characters) =>
                {
                    ReadOnlySpan<char> trimmed = text;
                    trimmed = start ? trimmed.TrimStart(characters) : trimmed;
                    trimmed = end ? trimmed.TrimEnd(characters) : trimmed;
                    return characters.Length == 0 || trimmed.Length == text.Length
                        ? text
                        : trimmed.ToString();
                }),
                [
                    call.Text(0),
                    call.Count > 1
                        ? call.Text(1)
                        : new ConstantExpression(Value.Of(" "), DataType.Text),
                ]));

    private static Expression Substring(FunctionCall call)
    {
        if (call is { Name: "substring", Count: 2 } && IsPattern(call.Arguments[1]))
        {
            return ExpressionFactory.Call(
                "regexp_part", call.Arguments, call.Position);
        }

        Expression length = call.Count > 2
            ? call.Whole(2)
            : new ConstantExpression(Value.Of(1L << 40), DataType.BigInt);
        if (call.TypeOf(0).Kind == TypeKind.Blob)
        {
            return call.Make(
                DataType.Blob,
                LargeLoops.Part<byte[]>(LargeParts.OfBlob, (bytes, from, count) =>
                {
                    (int start, int end) = CodePoints.Range(bytes.Length, from, count);
                    return bytes[start..end];
                }),
                [call.Arguments[0], call.Whole(1), length]);
        }

        return call.Make(
            DataType.Text,
            LargeLoops.Part<string>(LargeParts.OfText, CodePoints.Substring),
            [call.Text(0), call.Whole(1), length]);
    }

    // substring (s FROM pattern) takes what a regular expression finds, as in PostgreSQL.
    private static bool IsPattern(Expression expression) =>
        expression.Type.Kind == TypeKind.Text
        && !(expression is ConstantExpression { Value: { IsNull: false } value }
            && long.TryParse(
                value.AsText(), NumberStyles.Integer, CultureInfo.InvariantCulture, out _));

    private static Expression Pad(FunctionCall call, bool atStart) => call.Make(
        DataType.Text,
        RowLoops.Of<string, long, string, string>((text, length, fill) =>
        {
            CheckLength(length);
            string cut = CodePoints.Left(text, Math.Max(length, 0));
            int missing = (int)Math.Max(length, 0) - CodePoints.Count(cut);
            if (missing <= 0 || fill.Length == 0)
            {
                return cut;
            }

            int fillCount = CodePoints.Count(fill);
            string padding = CodePoints.Left(Repeat(fill, (missing / fillCount) + 1), missing);
            return atStart ? padding + cut : cut + padding;
        }),
        [
            call.Text(0),
            call.Whole(1),
            call.Count > 2 ? call.Text(2) : new ConstantExpression(Value.Of(" "), DataType.Text),
        ]);

    private static string Repeat(string text, long count)
    {
        if (count <= 0 || text.Length == 0)
        {
            return string.Empty;
        }

        CheckLength(count > int.MaxValue ? count : count * text.Length);
        return new StringBuilder(text.Length * (int)count)
            .Insert(0, text, (int)count)
            .ToString();
    }

    private static void CheckLength(long length)
    {
        if (length > Limits.ValueSizeBytesMax / sizeof(char))
        {
            throw new NeuroStoreException(
                ErrorCode.ResourceLimit,
                $"A text of {length} characters is longer than the limit of "
                + $"{Limits.ValueSizeBytesMax} bytes.");
        }
    }

    /// <summary>concat and concat_ws: NULLs are skipped, as in PostgreSQL.</summary>
    private static Expression Join(FunctionCall call, bool hasSeparator)
    {
        var texts = new Expression[call.Count];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = call.Text(i);
        }

        return call.Make(
            DataType.Text,
            (arguments, run) => JoinRows(arguments, run, hasSeparator),
            texts);
    }

    private static ColumnBuffer JoinRows(
        ColumnBuffer[] arguments, FunctionRun run, bool hasSeparator)
    {
        var result = new ColumnBuilder<string>(DataType.Text, run.Count);
        var text = new StringBuilder();
        var first = new Operand<string>(arguments[0], run.Count);
        for (int row = 0; row < run.Count; row++)
        {
            if (hasSeparator && arguments[0].IsNull(first.IsScalar ? 0 : row))
            {
                result.AppendNull();
                continue;
            }

            text.Clear();
            bool any = false;
            for (int i = hasSeparator ? 1 : 0; i < arguments.Length; i++)
            {
                var part = new Operand<string>(arguments[i], run.Count);
                if (!arguments[i].IsNull(part.IsScalar ? 0 : row))
                {
                    text.Append(any && hasSeparator ? first[row] : string.Empty);
                    text.Append(part[row]);
                    any = true;
                }
            }

            result.AppendElement(text.ToString());
        }

        return result.Build();
    }

    /// <summary>
    /// The n-th part from 1, or from the end if negative; empty if there is none.
    /// </summary>
    private static string SplitPart(string text, string separator, long part)
    {
        if (part == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText, "split_part counts parts from 1, or from -1 backwards.");
        }

        string[] parts = separator.Length == 0
            ? [text]
            : text.Split(separator, StringSplitOptions.None);
        long ordinal = part > 0 ? part - 1 : parts.Length + part;
        return ordinal >= 0 && ordinal < parts.Length ? parts[ordinal] : string.Empty;
    }

    /// <summary>The code points one after the other; NULLs are left out.</summary>
    private static ColumnBuffer Characters(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new string[run.Count];
        for (int row = 0; row < result.Length; row++)
        {
            result[row] = string.Concat(arguments
                .Select(column => column.GetValue(column.Count == 1 ? 0 : row))
                .Where(value => !value.IsNull)
                .Select(value => Character(value.AsInt64())));
        }

        return new ColumnBuffer<string>(DataType.Text, result);
    }

    private static Expression Template(FunctionCall call) => call.Make(
        DataType.Text,
        FillTemplates,
        [call.Text(0), .. call.Arguments.Skip(1)]);

    private static ColumnBuffer FillTemplates(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new ColumnBuilder<string>(DataType.Text, run.Count);
        for (int row = 0; row < run.Count; row++)
        {
            int at = row;
            Value template = Read(0);
            if (template.IsNull)
            {
                result.AppendNull();
                continue;
            }

            result.AppendElement(TextFormat.Fill(
                template.AsText(), ordinal => Read(ordinal + 1), arguments.Length - 1));

            Value Read(int ordinal) =>
                arguments[ordinal].GetValue(arguments[ordinal].Count == 1 ? 0 : at);
        }

        return result.Build();
    }

    private static string Character(long codePoint) =>
        codePoint is > 0 and <= 0x10FFFF && Rune.IsValid((int)codePoint)
            ? new Rune((int)codePoint).ToString()
            : throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"{codePoint} is no Unicode code point.");
}
