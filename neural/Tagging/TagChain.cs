namespace NeuroDb.Neural;

/// <summary>
/// A linear chain of tags (Lafferty, McCallum and Pereira, "Conditional Random Fields", ICML 2001):
/// the score of a sequence is the sum of scores of each tag at its place and of each tag behind the
/// one before. Memory of one thread for one sequence after another.
/// </summary>
/// <remarks>
/// p(y) = exp(sum s[t, y_t] + sum a[y_(t-1), y_t]) / Z. Scores s (length, tags), transitions
/// a (tags + 1, tags), whose last row is of the beginning. Sums run in double precision, each step
/// divided by its sum, so that no length overflows.
/// </remarks>
internal sealed class TagChain(int tags)
{
    private float[] _scores = [];
    private double[] _forward = [];
    private double[] _backward = [];
    private double[] _emissions = [];
    private double[] _sums = [];
    private int[] _from = [];
    private readonly double[] _steps = new double[(tags + 1) * tags];

    /// <summary>Places of the sequence.</summary>
    public int Length { get; private set; }

    /// <summary>The scores (length, tags), to be filled.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Length * tags);

    /// <summary>Begins a sequence; all its scores are 0.</summary>
    public void Begin(int length)
    {
        Length = length;
        int size = length * tags;
        if (_scores.Length < size)
        {
            _scores = new float[size];
            _forward = new double[size];
            _backward = new double[size];
            _emissions = new double[size];
            _from = new int[size];
            _sums = new double[length];
        }

        Scores.Clear();
    }

    /// <summary>The sequence of the highest score; of equals the lower numbers.</summary>
    public void Decode(ReadOnlySpan<float> transitions, Span<int> best)
    {
        if (Length == 0)
        {
            return;
        }

        for (int tag = 0; tag < tags; tag++)
        {
            _forward[tag] = (double)_scores[tag] + transitions[(tags * tags) + tag];
        }

        for (int place = 1; place < Length; place++)
        {
            ReadOnlySpan<double> before = _forward.AsSpan((place - 1) * tags, tags);
            for (int tag = 0; tag < tags; tag++)
            {
                int from = 0;
                double most = double.NegativeInfinity;
                for (int other = 0; other < tags; other++)
                {
                    double score = before[other] + transitions[(other * tags) + tag];
                    if (score > most)
                    {
                        (most, from) = (score, other);
                    }
                }

                _forward[(place * tags) + tag] = most + _scores[(place * tags) + tag];
                _from[(place * tags) + tag] = from;
            }
        }

        int last = (Length - 1) * tags;
        int at = 0;
        for (int tag = 1; tag < tags; tag++)
        {
            at = _forward[last + tag] > _forward[last + at] ? tag : at;
        }

        for (int place = Length - 1; place >= 0; place--)
        {
            best[place] = at;
            at = place > 0 ? _from[(place * tags) + at] : 0;
        }
    }

    /// <summary>Computes what all sequences together say; gives the logarithm of Z.</summary>
    public double Sum(ReadOnlySpan<float> transitions)
    {
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i] = Math.Exp(transitions[i]);
        }

        double log = 0;
        for (int place = 0; place < Length; place++)
        {
            ReadOnlySpan<float> scores = _scores.AsSpan(place * tags, tags);
            double most = scores[0];
            foreach (float score in scores)
            {
                most = Math.Max(most, score);
            }

            double sum = 0;
            for (int tag = 0; tag < tags; tag++)
            {
                double emission = Math.Exp(scores[tag] - most);
                double reach = place == 0 ? _steps[(tags * tags) + tag] : Reach(place, tag);
                _emissions[(place * tags) + tag] = emission;
                _forward[(place * tags) + tag] = emission * reach;
                sum += emission * reach;
            }

            for (int tag = 0; tag < tags; tag++)
            {
                _forward[(place * tags) + tag] /= sum;
            }

            _sums[place] = sum;
            log += most + Math.Log(sum);
        }

        GoBack();
        return log;
    }

    /// <summary>The probability of a tag at a place, after <see cref="Sum"/>.</summary>
    public double ProbabilityOf(int place, int tag) =>
        _forward[(place * tags) + tag] * _backward[(place * tags) + tag];

    /// <summary>The probability of a tag behind another at a place from 1.</summary>
    public double ProbabilityOf(int place, int before, int tag) =>
        _forward[((place - 1) * tags) + before] * _steps[(before * tags) + tag]
        * _emissions[(place * tags) + tag] / _sums[place] * _backward[(place * tags) + tag];

    /// <summary>The probability of tags at consecutive places.</summary>
    public double ProbabilityOf(int start, ReadOnlySpan<int> sequence)
    {
        double probability = _forward[(start * tags) + sequence[0]];
        for (int i = 1; i < sequence.Length; i++)
        {
            int place = start + i;
            probability *= _steps[(sequence[i - 1] * tags) + sequence[i]]
                * _emissions[(place * tags) + sequence[i]] / _sums[place];
        }

        int last = start + sequence.Length - 1;
        return Math.Min(1, probability * _backward[(last * tags) + sequence[^1]]);
    }

    /// <summary>The score of one sequence.</summary>
    public double ScoreOf(ReadOnlySpan<float> transitions, ReadOnlySpan<int> sequence)
    {
        double score = 0;
        for (int place = 0; place < sequence.Length; place++)
        {
            int before = place == 0 ? tags : sequence[place - 1];
            score += _scores[(place * tags) + sequence[place]]
                + transitions[(before * tags) + sequence[place]];
        }

        return score;
    }

    private double Reach(int place, int tag)
    {
        double reach = 0;
        for (int other = 0; other < tags; other++)
        {
            reach += _forward[((place - 1) * tags) + other] * _steps[(other * tags) + tag];
        }

        return reach;
    }

    private void GoBack()
    {
        if (Length == 0)
        {
            return;
        }

        _backward.AsSpan((Length - 1) * tags, tags).Fill(1);
        for (int place = Length - 2; place >= 0; place--)
        {
            int next = (place + 1) * tags;
            for (int tag = 0; tag < tags; tag++)
            {
                double sum = 0;
                for (int other = 0; other < tags; other++)
                {
                    sum += _steps[(tag * tags) + other] * _emissions[next + other]
                        * _backward[next + other];
                }

                _backward[(place * tags) + tag] = sum / _sums[place + 1];
            }
        }
    }
}
