namespace NeuroDb.Neural;

/// <summary>
/// Learns the tokens of <see cref="UnigramTokenizer"/>: begins with many frequent pieces of the
/// texts, fits their probabilities by expectation maximization, and drops those that the texts
/// would miss least, until so many are left as were asked for.
/// </summary>
/// <remarks>
/// Kudo, "Subword Regularization", ACL 2018, section 3.2. The loss of a token is what the
/// likelihood of the texts loses if each of its places in their likeliest cuts is cut in the next
/// best way. Single characters stay, but for the rarest, which cover a two-thousandth of the
/// texts or do not fit into half of the vocabulary: these are cut into bytes.
/// </remarks>
internal sealed class UnigramTrainer
{
    private const long BytesMax = 1 << 22;
    private const int PassesOfRound = 2;
    private const double KeptShare = 0.75;
    private const double CountMin = 0.5;
    private const double ByteDistance = 10;

    private readonly IReadOnlyList<(byte[] Bytes, long Count)> _pieces;
    private readonly int _vocabulary;
    private List<UnigramSeed> _tokens;
    private double[] _scores = [];
    private TokenTrie _trie = new([]);

    private UnigramTrainer(
        IReadOnlyList<(byte[] Bytes, long Count)> pieces, int vocabulary)
    {
        _pieces = pieces;
        _vocabulary = vocabulary - SubwordTokenizer.ByteCount;
        _tokens = UnigramSeeds.Find(pieces, _vocabulary);
    }

    /// <summary>A tokenizer of at most so many tokens.</summary>
    public static UnigramTokenizer Train(PieceCounts pieces, int vocabulary) =>
        new UnigramTrainer(pieces.Sorted(BytesMax), vocabulary).Run();

    private UnigramTokenizer Run()
    {
        Rescore([.. _tokens.Select(static it => (double)it.Count)]);
        while (true)
        {
            for (int i = 0; i < PassesOfRound; i++)
            {
                Fit();
            }

            if (_tokens.Count(static it => it.Bytes.Length > 1) <= _vocabulary)
            {
                break;
            }

            Prune();
        }

        UnigramSeed[] order =
        [
            .. Enumerable.Range(0, _tokens.Count)
                .OrderByDescending(i => _scores[i])
                .Select(i => _tokens[i] with { Score = _scores[i] }),
        ];
        var scores = new float[SubwordTokenizer.ByteCount];
        double least = order.Length > 0 ? order[^1].Score : 0;
        Array.Fill(scores, (float)(least - ByteDistance));
        foreach (UnigramSeed token in order.Where(static it => it.Bytes.Length == 1))
        {
            scores[token.Bytes[0]] = (float)token.Score;
        }

        UnigramSeed[] learned = [.. order.Where(static it => it.Bytes.Length > 1)];
        return new UnigramTokenizer(
            [.. learned.Select(static it => it.Bytes)],
            [.. scores, .. learned.Select(static it => (float)it.Score)]);
    }

    // One step of expectation maximization; what is hardly expected goes.
    private void Fit()
    {
        double[] expected = new double[_scores.Length];
        var lattice = new UnigramLattice(_trie, _scores);
        foreach ((byte[] bytes, long count) in _pieces)
        {
            lattice.Expect(bytes, count, expected);
        }

        var kept = new List<UnigramSeed>();
        var counts = new List<double>();
        for (int i = 0; i < _tokens.Count; i++)
        {
            if (expected[i] >= CountMin || _tokens[i].IsCharacter)
            {
                kept.Add(_tokens[i]);
                counts.Add(Math.Max(CountMin, expected[i]));
            }
        }

        _tokens = kept;
        Rescore([.. counts]);
    }

    // The tokens, then the bytes that are none of them, far less likely than any token.
    private void Rescore(double[] counts)
    {
        double total = Math.Log(counts.Sum());
        double[] scores = [.. counts.Select(it => Math.Log(it) - total)];
        var isByte = new bool[SubwordTokenizer.ByteCount];
        foreach (UnigramSeed token in _tokens.Where(static it => it.Bytes.Length == 1))
        {
            isByte[token.Bytes[0]] = true;
        }

        byte[][] others = [.. Enumerable.Range(0, isByte.Length).Where(i => !isByte[i])
            .Select(static i => new[] { (byte)i })];
        double least = scores.Length > 0 ? scores.Min() : 0;
        _scores = [.. scores, .. others.Select(_ => least - ByteDistance)];
        _trie = new TokenTrie([.. _tokens.Select(static it => it.Bytes), .. others]);
    }

    private void Prune()
    {
        double[] losses = LossesOf();
        int characters = _tokens.Count(static it => it.IsCharacter && it.Bytes.Length > 1);
        int others = _tokens.Count(static it => !it.IsCharacter);
        int room = Math.Max(_vocabulary - characters, (int)(KeptShare * others));
        int[] kept =
        [
            .. Enumerable.Range(0, _tokens.Count)
                .Where(i => !_tokens[i].IsCharacter)
                .OrderByDescending(i => losses[i])
                .ThenBy(static i => i)
                .Take(room)
                .Concat(Enumerable.Range(0, _tokens.Count).Where(i => _tokens[i].IsCharacter))
                .Order(),
        ];
        double[] counts = [.. kept.Select(i => Math.Exp(_scores[i]))];
        _tokens = [.. kept.Select(i => _tokens[i])];
        Rescore(counts);
    }

    // A token that the likeliest cuts do not use loses nothing.
    private double[] LossesOf()
    {
        var lattice = new UnigramLattice(_trie, _scores);
        var best = new List<(int Token, int End)>();
        var uses = new double[_scores.Length];
        foreach ((byte[] bytes, long count) in _pieces)
        {
            lattice.FindBest(bytes, -1, best);
            foreach ((int token, _) in best)
            {
                uses[token] += count;
            }
        }

        var losses = new double[_tokens.Count];
        for (int i = 0; i < losses.Length; i++)
        {
            if (uses[i] > 0 && !_tokens[i].IsCharacter)
            {
                lattice.FindBest(_tokens[i].Bytes, i, best);
                double instead = 0;
                foreach ((int token, _) in best)
                {
                    instead += _scores[token];
                }

                losses[i] = uses[i] * (_scores[i] - instead);
            }
        }

        return losses;
    }
}
