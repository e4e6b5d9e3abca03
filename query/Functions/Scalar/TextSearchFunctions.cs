using System.Security.Cryptography;
using System.Text;

namespace NeuroDb.Query;

/// <summary>Functions that measure or look into text and bytes.</summary>
internal static class TextSearchFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("length", 1, 1, Length),
        new("len", 1, 1, Length),
        new("char_length", 1, 1, CharacterLength),
        new("character_length", 1, 1, CharacterLength),
        new("octet_length", 1, 1, OctetLength),
        Of("ascii", FirstCodePoint),
        new("unicode", 1, 1, call => ExpressionFactory.Case(
            call.Text(0),
            [(ExpressionFactory.Literal(Value.Of(string.Empty), call.Position),
                ExpressionFactory.NullLiteral(call.Position))],
            ExpressionFactory.Call("ascii", call.Arguments, call.Position),
            call.Position)),
        new("instr", 2, 2, call => Position(call, 0, 1)),
        new("strpos", 2, 2, call => Position(call, 0, 1)),
        new("position", 2, 2, call => Position(call, 1, 0)),
        OfTest("starts_with", (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
        OfTest("ends_with", (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
        OfTest("contains", (text, part) => text.Contains(part, StringComparison.Ordinal)),
        OfBytes("hex", Convert.ToHexString),
        OfBytes("sha256", bytes => Convert.ToHexStringLower(SHA256.HashData(bytes))),
        new("unhex", 1, 2, call => call.Make(
            DataType.Blob,
            RowLoops.Of<string, string, byte[]>((text, ignored) => FromHex(text, ignored)!),
            [
                call.Text(0),
                call.Count > 1
                    ? call.Text(1)
                    : new ConstantExpression(Value.Of(string.Empty), DataType.Text),
            ])),
    ];

    private static FunctionDefinition Of(string name, Func<string, long> function) =>
        new(name, 1, 1, call =>
            call.Make(DataType.BigInt, RowLoops.Of(function), [call.Text(0)]));

    private static FunctionDefinition OfTest(string name, Func<string, string, bool> test) =>
        new(name, 2, 2, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, string, long>((text, part) => test(text, part) ? 1 : 0),
            [call.Text(0), call.Text(1)]));

    private static FunctionDefinition OfBytes(string name, Func<byte[], string> function) =>
        new(name, 1, 1, call => call.TypeOf(0).Kind == TypeKind.Blob
            ? call.Make(DataType.Text, RowLoops.Of(function), call.Arguments)
            : call.Make(
                DataType.Text,
                RowLoops.Of<string, string>(text => function(Encoding.UTF8.GetBytes(text))),
                [call.Text(0)]));

    private static Expression Length(FunctionCall call) => call.TypeOf(0).Kind switch
    {
        TypeKind.Blob => OctetLength(call),
        TypeKind.Array or TypeKind.Map =>
            ExpressionFactory.Call("cardinality", call.Arguments, call.Position),
        _ => CharacterLength(call),
    };

    private static Expression CharacterLength(FunctionCall call) => call.Make(
        DataType.BigInt,
        LargeLoops.Measure<string>(
            static large => large.CharacterCount, text => CodePoints.Count(text)),
        [call.Text(0)]);

    private static Expression OctetLength(FunctionCall call) =>
        call.TypeOf(0).Kind == TypeKind.BitString
            ? BitFunctions.Octets(call)
            : call.TypeOf(0).Kind == TypeKind.Blob
            ? call.Make(
                DataType.BigInt,
                LargeLoops.Measure<byte[]>(
                    static large => large.SizeBytes, bytes => bytes.Length),
                call.Arguments)
            : call.Make(
                DataType.BigInt,
                LargeLoops.Measure<string>(
                    static large => large.SizeBytes, text => Encoding.UTF8.GetByteCount(text)),
                [call.Text(0)]);

    /// <summary>The place of a part in a text, from 1; 0 if it is not in it.</summary>
    private static Expression Position(FunctionCall call, int text, int part) =>
        call.TypeOf(text).Kind == TypeKind.Blob && call.TypeOf(part).Kind == TypeKind.Blob
            ? call.Make(
                DataType.BigInt,
                RowLoops.Of<byte[], byte[], long>((whole, sought) =>
                    whole.AsSpan().IndexOf(sought) + 1),
                [call.Arguments[text], call.Arguments[part]])
            : TextPosition(call, text, part);

    private static Expression TextPosition(FunctionCall call, int text, int part) => call.Make(
        DataType.BigInt,
        RowLoops.Of<string, string, long>((whole, sought) =>
        {
            int at = whole.IndexOf(sought, StringComparison.Ordinal);
            return at < 0 ? 0 : CodePoints.Count(whole.AsSpan(0, at)) + 1;
        }),
        [call.Text(text), call.Text(part)]);

    private static long FirstCodePoint(string text)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        return CodePoints.SizeAt(text, 0) == 2 ? char.ConvertToUtf32(text[0], text[1]) : text[0];
    }

    /// <summary>
    /// The bytes of hexadecimal digits; ignored characters may stand between bytes, not within.
    /// </summary>
    private static byte[]? FromHex(string text, string ignored)
    {
        var digits = new StringBuilder(text.Length);
        foreach (char character in text)
        {
            if (char.IsAsciiHexDigit(character))
            {
                digits.Append(character);
            }
            else if (digits.Length % 2 != 0
                || !ignored.Contains(character, StringComparison.Ordinal))
            {
                return null;
            }
        }

        return digits.Length % 2 == 0 ? Convert.FromHexString(digits.ToString()) : null;
    }
}
