using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Functions that read JSON text: paths are '$.a.b[0]'. A path that leads nowhere gives NULL.
/// </summary>
internal static class JsonFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("json_valid", 1, 1, call => call.Make(
            DataType.Boolean,
            RowLoops.Of<string, long>(text => IsValid(text) ? 1 : 0),
            [call.Text(0)])),
        new("json_extract", 2, 2, call => call.Make(
            DataType.Text,
            RowLoops.Of<string, string, string>((text, path) => JsonPath.Text(text, path)!),
            [call.Text(0), call.Text(1)])),
        new("json_array_length", 1, 2, call => call.Make(
            DataType.BigInt,
            ArrayLengths,
            [
                call.Text(0),
                call.Count > 1
                    ? call.Text(1)
                    : new ConstantExpression(Value.Of("$"), DataType.Text),
            ])),
    ];

    /// <summary>Whether a text is JSON.</summary>
    public static bool IsValid(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ColumnBuffer ArrayLengths(ColumnBuffer[] arguments, FunctionRun run)
    {
        byte[]? nulls = ColumnLoops.UnionNulls(run.Count, arguments);
        var texts = new Operand<string>(arguments[0], run.Count);
        var paths = new Operand<string>(arguments[1], run.Count);
        var result = new ColumnBuilder<long>(DataType.BigInt, run.Count);
        for (int i = 0; i < run.Count; i++)
        {
            if ((nulls is null || nulls[i] == 0)
                && JsonPath.ArrayLength(texts[i], paths[i]) is long length)
            {
                result.AppendElement(length);
            }
            else
            {
                result.AppendNull();
            }
        }

        return result.Build();
    }
}
