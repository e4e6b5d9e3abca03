using System.Security.Cryptography;
using System.Text;

namespace NeuroDb.Query;

/// <summary>Text functions of PostgreSQL beyond the usual ones.</summary>
internal static class FurtherTextFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("initcap", 1, 1, call => call.Make(
            DataType.Text, RowLoops.Of<string, string>(Capitalize), [call.Text(0)])),
        new("translate", 3, 3, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string, string>(Translate),
            [call.Text(0), call.Text(1), call.Text(2)])),
        new("overlay", 3, 4, BindOverlay),
        new("bit_length", 1, 1, call => call.TypeOf(0).Kind == TypeKind.BitString
            ? BitFunctions.Length(call)
            : ExpressionFactory.Binary(
                BinaryOperator.Multiply,
                ExpressionFactory.Call("octet_length", call.Arguments, call.Position),
                ExpressionFactory.Literal(Value.Of(8L), call.Position),
                call.Position)),
        new("to_hex", 1, 1, call => call.Make(
            DataType.Text,
            RowLoops.Of<long, string>(number =>
                number.ToString("x", System.Globalization.CultureInfo.InvariantCulture)),
            [call.Whole(0)])),
        new("md5", 1, 1, BindMd5),
        new("encode", 2, 2, call => call.Make(
            DataType.Text,
            RowLoops.Of<byte[], string, string>(Encode),
            [ByteFunctions.Bytes(call, 0), call.Text(1)])),
        new("decode", 2, 2, call => call.Make(
            DataType.Blob,
            RowLoops.Of<string, string, byte[]>(Decode),
            [call.Text(0), call.Text(1)])),
        new("quote_literal", 1, 1, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string>(text =>
                $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"),
            [call.Text(0)])),
        new("quote_ident", 1, 1, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string>(QuoteName),
            [call.Text(0)])),
    ];

    /// <summary>A name as a statement takes it: in quotes where it needs them.</summary>
    public static string QuoteName(string text) => IsPlain(text)
        ? text
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static bool IsPlain(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0])
        && text.All(unit => char.IsAsciiLetterLower(unit) || char.IsAsciiDigit(unit)
            || unit == '_');

    private static string Capitalize(string text)
    {
        var result = new StringBuilder(text.Length);
        bool isStart = true;
        foreach (char unit in text)
        {
            result.Append(isStart ? char.ToUpperInvariant(unit) : char.ToLowerInvariant(unit));
            isStart = !char.IsLetterOrDigit(unit);
        }

        return result.ToString();
    }

    private static string Translate(string text, string from, string to)
    {
        var result = new StringBuilder(text.Length);
        Rune[] targets = [.. to.EnumerateRunes()];
        Rune[] sources = [.. from.EnumerateRunes()];
        foreach (Rune rune in text.EnumerateRunes())
        {
            int at = Array.IndexOf(sources, rune);
            if (at < 0)
            {
                result.Append(rune.ToString());
            }
            else if (at < targets.Length)
            {
                result.Append(targets[at].ToString());
            }
        }

        return result.ToString();
    }

    private static Expression BindOverlay(FunctionCall call)
    {
        SourcePosition position = call.Position;
        Expression text = call.Text(0);
        Expression with = call.Text(1);
        Expression from = call.Whole(2);
        Expression count = call.Count > 3
            ? call.Whole(3)
            : ExpressionFactory.Call("length", [with], position);
        Expression one = new ConstantExpression(Value.Of(1L), DataType.BigInt);
        Expression before = ExpressionFactory.Binary(
            BinaryOperator.Subtract, from, one, position);
        Expression after = ExpressionFactory.Binary(BinaryOperator.Add, from, count, position);
        Expression head = ExpressionFactory.Call("substr", [text, one, before], position);
        Expression tail = ExpressionFactory.Call("substr", [text, after], position);
        return ExpressionFactory.Binary(
            BinaryOperator.Concatenate,
            ExpressionFactory.Binary(BinaryOperator.Concatenate, head, with, position),
            tail,
            position);
    }

    private static Expression BindMd5(FunctionCall call) => call.TypeOf(0).Kind == TypeKind.Blob
        ? call.Make(DataType.Text, RowLoops.Of<byte[], string>(Md5), [call.Arguments[0]])
        : call.Make(
            DataType.Text,
            RowLoops.Of<string, string>(text => Md5(Encoding.UTF8.GetBytes(text))),
            [call.Text(0)]);

    private static string Md5(byte[] bytes) =>
        Convert.ToHexStringLower(MD5.HashData(bytes));

    private static string Encode(byte[] bytes, string format) => format.ToLowerInvariant() switch
    {
        "hex" => Convert.ToHexStringLower(bytes),
        "base64" => Convert.ToBase64String(bytes),
        "escape" => ByteFunctions.Escape(bytes),
        _ => throw UnknownFormat(format),
    };

    private static byte[] Decode(string text, string format)
    {
        try
        {
            return format.ToLowerInvariant() switch
            {
                "hex" => Convert.FromHexString(text),
                "base64" => Convert.FromBase64String(text),
                "escape" => ByteFunctions.Unescape(text),
                _ => throw UnknownFormat(format),
            };
        }
        catch (FormatException)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText, $"'{ValueText.Shorten(text)}' is not {format}.");
        }
    }

    private static NeuroStoreException UnknownFormat(string format) => new(
        ErrorCode.InvalidText,
        $"There is no encoding '{ValueText.Shorten(format)}'; there are hex, base64 and escape.");
}
