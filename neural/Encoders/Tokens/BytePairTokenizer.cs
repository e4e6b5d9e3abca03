namespace NeuroDb.Neural;

/// <summary>
/// Byte-level byte pair encoding: the learned merge that comes first is applied first, from the
/// left, until none fits (Sennrich et al., "Neural Machine Translation of Rare Words with Subword
/// Units", ACL 2016, section 3.2, over bytes).
/// </summary>
internal sealed class BytePairTokenizer : SubwordTokenizer
{
    private readonly IReadOnlyList<(int Left, int Right)> _merges;
    private readonly PairTable _ranks;

    /// <summary>A tokenizer of merges in the order in which they were learned.</summary>
    public BytePairTokenizer(IReadOnlyList<(int Left, int Right)> merges)
        : base(NamesOf(merges))
    {
        _merges = merges;
        _ranks = new PairTable(merges);
        FindStandingAlone();
    }

    /// <inheritdoc/>
    public override TokenizerKind Kind => TokenizerKind.Bpe;

    /// <summary>What was learned, in its order; the n-th makes the token 256 + n.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => _merges;

    internal static BytePairTokenizer Read(int learned, ref ByteReader reader)
    {
        reader.Require(16L * learned);
        var merges = new (int Left, int Right)[learned];
        var lengths = new int[ByteCount + learned];
        Array.Fill(lengths, 1, 0, ByteCount);
        var names = new HashSet<(int Left, int Right)>();
        for (int i = 0; i < learned; i++)
        {
            merges[i] = (reader.Count(ByteCount + i - 1), reader.Count(ByteCount + i - 1));
            int length = lengths[merges[i].Left] + lengths[merges[i].Right];
            lengths[ByteCount + i] = length <= TokenBytesMax && names.Add(merges[i])
                ? length
                : throw NeuralErrors.MalformedModel("a merge of a tokenizer cannot be");
        }

        return new BytePairTokenizer(merges);
    }

    /// <inheritdoc/>
    protected override void EncodePiece(ReadOnlySpan<byte> piece, List<int> tokens)
    {
        const int NoMerge = int.MaxValue;
        Span<int> parts = stackalloc int[TokenPieces.LengthMax];
        Span<int> ranks = stackalloc int[TokenPieces.LengthMax];
        int count = piece.Length;
        for (int i = 0; i < count; i++)
        {
            parts[i] = piece[i];
            ranks[i] = i + 1 < count ? _ranks.Find(piece[i], piece[i + 1]) : NoMerge;
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i < count - 1; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == NoMerge)
            {
                break;
            }

            parts[best] = ByteCount + ranks[best];
            parts[(best + 2)..count].CopyTo(parts[(best + 1)..]);
            ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
            count--;
            ranks[best] = best + 1 < count ? _ranks.Find(parts[best], parts[best + 1]) : NoMerge;
            if (best > 0)
            {
                ranks[best - 1] = _ranks.Find(parts[best - 1], parts[best]);
            }
        }

        for (int i = 0; i < count; i++)
        {
            tokens.Add(parts[i]);
        }
    }

    /// <inheritdoc/>
    protected override void WriteTokens(ByteWriter writer)
    {
        foreach ((int left, int right) in _merges)
        {
            writer.Number(left);
            writer.Number(right);
        }
    }

    // Two merges may make the same bytes; the trie keeps the first, and the later one is found by
    // its merge alone.
    private static List<byte[]> NamesOf(IReadOnlyList<(int Left, int Right)> merges)
    {
        List<byte[]> names = [.. SingleBytes()];
        foreach ((int left, int right) in merges)
        {
            names.Add([.. names[left], .. names[right]]);
        }

        return names;
    }
}
