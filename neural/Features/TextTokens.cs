using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// The tokens that a transform of texts learns before it learns anything else: counts pieces in a
/// pass over the texts of its own, then has a <see cref="SubwordTokenizer"/>.
/// </summary>
internal sealed class TextTokens
{
    private readonly TokenizerSpec _spec;
    private PieceCounts? _pieces = new();
    private SubwordTokenizer? _tokenizer;

    /// <summary>Tokens that are still to be learned.</summary>
    public TextTokens(TokenizerSpec spec) => _spec = spec;

    /// <summary>Tokens that were learned.</summary>
    public TextTokens(SubwordTokenizer tokenizer)
    {
        _spec = new TokenizerSpec(tokenizer.Kind, tokenizer.Count);
        _tokenizer = tokenizer;
        _pieces = null;
    }

    /// <summary>The tokenizer, after <see cref="EndFit"/>.</summary>
    public SubwordTokenizer Tokenizer =>
        _tokenizer ?? throw new InvalidOperationException("The tokens are not learned yet.");

    /// <summary>The most tokens that there are.</summary>
    public int CountMax => _spec.Vocabulary;

    /// <summary>Counts the pieces of a text.</summary>
    public void Observe(string? text)
    {
        if (text is not null)
        {
            _pieces?.Add(SubwordTokenizer.BytesOf(text));
        }
    }

    /// <summary>Learns the tokens.</summary>
    public void EndFit()
    {
        _tokenizer ??= SubwordTokenizer.Train(_spec, _pieces!);
        _pieces = null;
    }

    /// <summary>The hash of a token among the units of texts.</summary>
    public static ulong HashOf(int token) =>
        FeatureHash.Finish((ulong)(token + 1), FeatureHash.WordKind);

    /// <summary>The tokens of a text, from 1; 0 behind the last one.</summary>
    public bool TryNumbers(string? text, Span<float> output)
    {
        if (text is null)
        {
            return false;
        }

        ReadOnlySpan<int> tokens = Tokenizer.EncodeText(text);
        for (int i = 0; i < Math.Min(tokens.Length, output.Length); i++)
        {
            output[i] = 1 + tokens[i];
        }

        return true;
    }
}
