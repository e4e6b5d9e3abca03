using System.Text;
using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>Table functions that show into which tokens a model cuts a text.</summary>
internal static class TokenRows
{
    /// <summary>The functions.</summary>
    public static readonly ObjectFunction[] Functions =
    [
        new(
            "ml.tokens",
            TakesModel: true,
            0,
            0,
            [new("text", DataType.Text, Value.Null)],
            static _ =>
            [
                ("place", DataType.BigInt), ("token", DataType.BigInt), ("text", DataType.Text),
                ("bytes", DataType.Blob),
            ],
            Tokens),
        new(
            "ml.vocabulary",
            TakesModel: true,
            0,
            0,
            [],
            static _ =>
            [
                ("token", DataType.BigInt), ("text", DataType.Text), ("bytes", DataType.Blob),
            ],
            Vocabulary),
    ];

    private static IEnumerable<Value[]> Tokens(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        SubwordTokenizer tokenizer = TokenizerOf(inputs, context);
        if (values[0].IsNull)
        {
            yield break;
        }

        int[] tokens = tokenizer.EncodeText(ModelJudging.TextOf(values[0])!).ToArray();
        for (int i = 0; i < tokens.Length; i++)
        {
            yield return [Value.Of((long)i), .. RowOf(tokenizer, tokens[i])];
        }
    }

    private static IEnumerable<Value[]> Vocabulary(
        ObjectInputs inputs, Value[] values, ExecutionContext context)
    {
        SubwordTokenizer tokenizer = TokenizerOf(inputs, context);
        return Enumerable.Range(0, tokenizer.Count).Select(token => RowOf(tokenizer, token));
    }

    private static Value[] RowOf(SubwordTokenizer tokenizer, int token)
    {
        byte[] bytes = tokenizer.BytesOf(token).ToArray();
        return
        [
            Value.Of((long)token), Value.Of(Encoding.UTF8.GetString(bytes)), Value.Of(bytes),
        ];
    }

    private static SubwordTokenizer TokenizerOf(ObjectInputs inputs, ExecutionContext context)
    {
        ModelVersion version = ModelJudging.Load(inputs, context, null);
        return version.Pipeline.Transforms
            .Select(static it => it.Tokens?.Tokenizer).FirstOrDefault(static it => it is not null)
            ?? throw NeuralErrors.InvalidModel(
                $"{version.Name} reads words and learned no tokens; train it WITH (tokenizer = "
                + "'bpe') or 'unigram'.");
    }
}
