namespace NeuroDb.Neural;

/// <summary>The memory of one thread that tags one text after another.</summary>
internal sealed class TaggerRun(TaggerModel model)
{
    private readonly TokenFeatures _features = new(model.Window);
    private readonly ulong[] _hashes = new ulong[new TokenFeatures(model.Window).CountMax];
    private int[] _places = [];
    private int[] _ends = [];

    /// <summary>What is known of the last text.</summary>
    public TagChain Chain { get; } = new(model.TagCount);

    /// <summary>The tags of the tokens of a text, by number.</summary>
    public int[] Tag(string text, TextToken[] tokens)
    {
        Read(text, tokens);
        Score(tokens.Length);
        var tags = new int[tokens.Length];
        Chain.Decode(model.Transitions.Span, tags);
        return tags;
    }

    /// <summary>Computes the probabilities of the tags of the last text.</summary>
    public void Weigh() => Chain.Sum(model.Transitions.Span);

    /// <summary>Finds the features of a text.</summary>
    public void Read(string text, TextToken[] tokens)
    {
        _features.Open(text, tokens);
        if (_ends.Length <= tokens.Length)
        {
            _ends = new int[tokens.Length + 1];
            _places = new int[_ends.Length * _hashes.Length];
        }

        int count = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            int found = _features.Fill(text, tokens, i, _hashes);
            for (int feature = 0; feature < found; feature++)
            {
                _places[count++] = (int)(_hashes[feature] & (ulong)(model.BucketCount - 1));
            }

            _ends[i + 1] = count;
        }
    }

    /// <summary>The places of the features of a token.</summary>
    public ReadOnlySpan<int> PlacesOf(int token) =>
        _places.AsSpan(_ends[token].._ends[token + 1]);

    /// <summary>Computes the scores of the text that was read.</summary>
    public void Score(int length)
    {
        Chain.Begin(length);
        ReadOnlySpan<float> weights = model.Features.Span;
        int tags = model.TagCount;
        for (int i = 0; i < length; i++)
        {
            Span<float> scores = Chain.Scores.Slice(i * tags, tags);
            foreach (int place in PlacesOf(i))
            {
                VectorArithmetic.Add(weights.Slice(place * tags, tags), scores);
            }
        }
    }
}
