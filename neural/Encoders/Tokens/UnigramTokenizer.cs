namespace NeuroDb.Neural;

/// <summary>
/// The unigram language model of Kudo, "Subword Regularization", ACL 2018, section 3.2: every token
/// has a probability, and a piece is cut so that the product over its tokens is largest; of equally
/// likely cuts that whose last token is longest.
/// </summary>
internal sealed class UnigramTokenizer : SubwordTokenizer
{
    private readonly IReadOnlyList<byte[]> _learned;
    private readonly float[] _scores;

    /// <summary>A tokenizer of tokens with logarithms of probabilities.</summary>
    /// <param name="learned">Tokens of at least two bytes, no two equal.</param>
    /// <param name="scores">Of the 256 bytes, then of the tokens.</param>
    public UnigramTokenizer(IReadOnlyList<byte[]> learned, float[] scores)
        : base([.. SingleBytes(), .. learned])
    {
        Invariant.Check(scores.Length == ByteCount + learned.Count);
        _learned = learned;
        _scores = scores;
        FindStandingAlone();
    }

    /// <inheritdoc/>
    public override TokenizerKind Kind => TokenizerKind.Unigram;

    /// <summary>The logarithm of the probability of each token.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    internal static UnigramTokenizer Read(int learned, ref ByteReader reader)
    {
        reader.Require((4L * ByteCount) + (14L * learned));
        var scores = new float[ByteCount + learned];
        var names = new byte[learned][];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < scores.Length; i++)
        {
            if (i >= ByteCount)
            {
                byte[] name = reader.Bytes(reader.Count(TokenBytesMax)).ToArray();
                names[i - ByteCount] = name.Length > 1 && seen.Add(Convert.ToHexString(name))
                    ? name
                    : throw NeuralErrors.MalformedModel("a token of a tokenizer cannot be");
            }

            scores[i] = reader.Single();
            if (!float.IsFinite(scores[i]))
            {
                throw NeuralErrors.MalformedModel("a token of a tokenizer has no probability");
            }
        }

        return new UnigramTokenizer(names, scores);
    }

    /// <inheritdoc/>
    protected override void EncodePiece(ReadOnlySpan<byte> piece, List<int> tokens)
    {
        Span<float> best = stackalloc float[TokenPieces.LengthMax + 1];
        Span<int> last = stackalloc int[TokenPieces.LengthMax + 1];
        int length = piece.Length;
        best[1..(length + 1)].Fill(float.NegativeInfinity);
        best[0] = 0;
        for (int start = 0; start < length; start++)
        {
            int node = TokenTrie.Root;
            for (int end = start; end < length; end++)
            {
                node = Trie.Step(node, piece[end]);
                if (node < 0)
                {
                    break;
                }

                int token = Trie.TokenAt(node);
                float score = token < 0 ? 0 : best[start] + _scores[token];
                if (token >= 0 && score > best[end + 1])
                {
                    best[end + 1] = score;
                    last[end + 1] = token;
                }
            }
        }

        int from = tokens.Count;
        for (int end = length; end > 0; end -= BytesOf(last[end]).Length)
        {
            tokens.Add(last[end]);
        }

        tokens.Reverse(from, tokens.Count - from);
    }

    /// <inheritdoc/>
    protected override void WriteTokens(ByteWriter writer)
    {
        for (int i = 0; i < _scores.Length; i++)
        {
            if (i >= ByteCount)
            {
                byte[] name = _learned[i - ByteCount];
                writer.Number(name.Length);
                writer.Bytes(name);
            }

            writer.Single(_scores[i]);
        }
    }
}
