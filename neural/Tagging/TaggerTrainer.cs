using System.Numerics;

namespace NeuroDb.Neural;

/// <summary>
/// Trains a tagger by the likelihood of the tags of whole texts, one after another, with steps of
/// AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011). One thread, so that equal seeds give equal
/// bits.
/// </summary>
internal sealed class TaggerTrainer
{
    /// <summary>The score of tags that never follow each other.</summary>
    public const float Forbidden = -1e4f;

    private const int BucketsMin = 1 << 10;
    private const int BucketsMax = 1 << 20;
    private const float Least = 1e-6f;

    private readonly IReadOnlyList<TaggedText> _texts;
    private readonly int[][] _tags;
    private readonly TaggerModel _model;
    private readonly TaggerRun _run;
    private readonly float[] _featureSquares;
    private readonly float[] _transitionSquares;
    private readonly float _rate;
    private readonly float _decay;
    private readonly ulong _seed;

    /// <summary>A trainer of texts.</summary>
    /// <param name="texts">The texts that train.</param>
    /// <param name="names">The tags; those that tokens have are added.</param>
    /// <param name="window">How far neighbours are.</param>
    /// <param name="options">Seed, learning rate, decay.</param>
    public TaggerTrainer(
        IReadOnlyList<TaggedText> texts, TagNames names, int window, TrainingOptions options)
    {
        _texts = texts;
        _tags = [.. texts.Select(text => text.TokenTags(names))];
        int tags = names.Count;
        int buckets = BucketsFor(texts, window);
        _model = new TaggerModel(
            window,
            Tensor.Create("features", buckets, tags),
            Tensor.Create("transitions", tags + 1, tags));
        _run = new TaggerRun(_model);
        _featureSquares = new float[buckets * tags];
        _transitionSquares = new float[(tags + 1) * tags];
        _rate = (float)options.LearningRate;
        _decay = (float)options.WeightDecay;
        _seed = options.Seed;
    }

    /// <summary>A pass over all texts; gives the mean loss of a token.</summary>
    public double RunPass(int pass, CancellationToken cancellationToken)
    {
        const int Pause = 64;
        int[] order = [.. Enumerable.Range(0, _texts.Count)];
        var random = new SeededRandomSource(Hash64.Combine(_seed, (ulong)pass));
        double loss = 0;
        long tokens = 0;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            int other = (int)Math.BigMul(random.NextUInt64(), (ulong)(i + 1), out _);
            (order[i], order[other]) = (order[other], order[i]);
            if (i % Pause == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            loss += Learn(_texts[order[i]], _tags[order[i]]);
            tokens += _tags[order[i]].Length;
        }

        return loss / Math.Max(1, tokens);
    }

    /// <summary>
    /// The model as it is now. Tags that only go on never stand where no training text has them.
    /// </summary>
    public TaggerModel Copy(TagNames names)
    {
        int tags = _model.TagCount;
        Tensor features = Tensor.Create("features", _model.BucketCount, tags);
        _model.Features.CopyTo(features.Data);
        Tensor transitions = Tensor.Create("transitions", tags + 1, tags);
        _model.Transitions.CopyTo(transitions.Data);
        bool[] seen = Transitions();
        for (int i = 0; i < seen.Length; i++)
        {
            if (!seen[i] && EntityTags.Continues(names[i % tags]))
            {
                transitions.Data.Span[i] = Forbidden;
            }
        }

        return new TaggerModel(_model.Window, features, transitions);
    }

    private bool[] Transitions()
    {
        int tags = _model.TagCount;
        var seen = new bool[(tags + 1) * tags];
        foreach (int[] sequence in _tags)
        {
            int before = tags;
            foreach (int tag in sequence)
            {
                seen[(before * tags) + tag] = true;
                before = tag;
            }
        }

        return seen;
    }

    private double Learn(TaggedText text, int[] sequence)
    {
        if (sequence.Length == 0)
        {
            return 0;
        }

        _run.Read(text.Text, text.Tokens);
        _run.Score(sequence.Length);
        TagChain chain = _run.Chain;
        double all = chain.Sum(_model.Transitions.Span);
        double loss = all - chain.ScoreOf(_model.Transitions.Span, sequence);
        int tags = _model.TagCount;
        var slope = new float[tags];
        float[] moves = TransitionSlopes(sequence);
        for (int i = 0; i < sequence.Length; i++)
        {
            for (int tag = 0; tag < tags; tag++)
            {
                slope[tag] = (float)((tag == sequence[i] ? 1 : 0) - chain.ProbabilityOf(i, tag));
            }

            foreach (int place in _run.PlacesOf(i))
            {
                Step(
                    _model.Features.Span.Slice(place * tags, tags),
                    _featureSquares.AsSpan(place * tags, tags),
                    slope);
            }
        }

        Step(_model.Transitions.Span, _transitionSquares, moves);
        return loss;
    }

    // What was seen minus what is expected, of each tag behind another.
    private float[] TransitionSlopes(int[] sequence)
    {
        int tags = _model.TagCount;
        var slopes = new double[(tags + 1) * tags];
        int before = tags;
        for (int i = 0; i < sequence.Length; i++)
        {
            slopes[(before * tags) + sequence[i]] += 1;
            before = sequence[i];
            for (int tag = 0; tag < tags; tag++)
            {
                if (i == 0)
                {
                    slopes[(tags * tags) + tag] -= _run.Chain.ProbabilityOf(0, tag);
                    continue;
                }

                for (int other = 0; other < tags; other++)
                {
                    slopes[(other * tags) + tag] -= _run.Chain.ProbabilityOf(i, other, tag);
                }
            }
        }

        return Array.ConvertAll(slopes, static slope => (float)slope);
    }

    private void Step(Span<float> weights, Span<float> squares, ReadOnlySpan<float> slopes)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            float slope = slopes[i] - (_decay * weights[i]);
            squares[i] += slope * slope;
            weights[i] += _rate * slope / MathF.Sqrt(squares[i] + Least);
        }
    }

    // Twice as many places as features, so that few share one.
    private static int BucketsFor(IReadOnlyList<TaggedText> texts, int window)
    {
        var features = new TokenFeatures(window);
        var hashes = new ulong[features.CountMax];
        var seen = new HashSet<ulong>();
        foreach (TaggedText text in texts)
        {
            features.Open(text.Text, text.Tokens);
            for (int i = 0; i < text.Tokens.Length && seen.Count < BucketsMax; i++)
            {
                int count = features.Fill(text.Text, text.Tokens, i, hashes);
                seen.UnionWith(hashes.AsSpan(0, count).ToArray());
            }
        }

        return Math.Clamp(
            (int)BitOperations.RoundUpToPowerOf2((uint)(2 * seen.Count)), BucketsMin, BucketsMax);
    }
}
