using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Vectors of words such that a word says which words stand near it (Mikolov et al., "Distributed
/// Representations of Words and Phrases and their Compositionality", NIPS 2013, section 2.2, by
/// negative sampling). One thread, so that equal seeds give equal bits.
/// </summary>
/// <remarks>
/// For a word w with a neighbour c and drawn words n: log s(c w) + sum log s(-n w), s the logistic
/// function. Words are drawn by their counts to the power 3/4; a word of the share p is left out
/// with the probability 1 - sqrt(t / p). The learning rate falls to nothing in a straight line.
/// </remarks>
internal sealed class SkipgramTrainer
{
    private const int DrawTableLength = 1 << 20;
    private const double DrawPower = 0.75;
    private const double RateMin = 1e-4;

    private readonly int _width;
    private readonly int _window;
    private readonly int _negatives;
    private readonly TrainingOptions _options;
    private readonly Memory<float> _rows;
    private readonly Memory<float> _contexts;
    private readonly int[] _drawn;
    private readonly float[] _keep;
    private readonly float[] _sum;
    private ulong _state;

    /// <summary>A trainer of words.</summary>
    /// <param name="counts">How often each word is there.</param>
    /// <param name="width">The length of the vectors.</param>
    /// <param name="window">How far neighbours are at most.</param>
    /// <param name="negatives">How many words are drawn beside each neighbour.</param>
    /// <param name="sample">The share above which words are left out now and then; 0 for none.
    /// </param>
    /// <param name="options">Seed, passes, learning rate.</param>
    public SkipgramTrainer(
        IReadOnlyList<long> counts,
        int width,
        int window,
        int negatives,
        double sample,
        TrainingOptions options)
    {
        _width = width;
        _window = window;
        _negatives = negatives;
        _options = options;
        _sum = new float[width];
        _state = Hash64.Mix(Hash64.Mix(options.Seed));
        _rows = AlignedMemory.Allocate<float>(checked(counts.Count * width));
        _contexts = AlignedMemory.Allocate<float>(_rows.Length);
        for (int i = 0; i < _rows.Length; i++)
        {
            _rows.Span[i] = (float)((Draw() >> 40) / (double)(1 << 24) - 0.5) / width;
        }

        options.InitialWeights.CopyTo(_rows);

        double total = counts.Sum();
        _drawn = DrawTable(counts);
        _keep = [.. counts.Select(count => sample <= 0 || count == 0
            ? 1 : (float)Math.Min(1, Math.Sqrt(sample * total / count)))];
    }

    /// <summary>The vectors of words, (words, width).</summary>
    public Memory<float> Rows => _rows;

    /// <summary>A pass over texts; gives the mean loss of a neighbour.</summary>
    /// <param name="texts">(texts, words): the columns of a row are its words in order.</param>
    /// <param name="pass">The number of the pass, from 1.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public double RunPass(SparseMatrix texts, int pass, CancellationToken cancellationToken)
    {
        const int Pause = 256;
        var words = new List<int>();
        double loss = 0;
        long pairs = 0;
        for (int text = 0; text < texts.RowCount; text++)
        {
            if (text % Pause == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            double done = (pass - 1 + (text / (double)texts.RowCount)) / _options.Epochs;
            float rate = (float)(_options.LearningRate * Math.Max(RateMin, 1 - done));
            words.Clear();
            foreach (int word in texts.Columns(text))
            {
                if (_keep[word] >= 1 || Unit() < _keep[word])
                {
                    words.Add(word);
                }
            }

            for (int at = 0; at < words.Count; at++)
            {
                // Near neighbours are taken more often than far ones.
                int reach = 1 + (int)(Draw() % (ulong)_window);
                int end = Math.Min(words.Count - 1, at + reach);
                for (int other = Math.Max(0, at - reach); other <= end; other++)
                {
                    if (other != at)
                    {
                        loss += Learn(words[at], words[other], rate);
                        pairs++;
                    }
                }
            }
        }

        return loss / Math.Max(1, pairs);
    }

    /// <summary>How often each word is in texts.</summary>
    public static long[] Count(SparseMatrix texts)
    {
        var counts = new long[texts.ColumnCount];
        for (int text = 0; text < texts.RowCount; text++)
        {
            foreach (int word in texts.Columns(text))
            {
                counts[word]++;
            }
        }

        return counts;
    }

    private static int[] DrawTable(IReadOnlyList<long> counts)
    {
        double total = counts.Sum(static count => Math.Pow(count, DrawPower));
        var table = new int[DrawTableLength];
        double reached = 0;
        int at = 0;
        for (int word = 0; word < counts.Count; word++)
        {
            reached += Math.Pow(counts[word], DrawPower) / total;
            int end = (int)Math.Min(table.Length, Math.Round(reached * table.Length));
            table.AsSpan(at, Math.Max(0, end - at)).Fill(word);
            at = Math.Max(at, end);
        }

        table.AsSpan(at).Fill(Math.Max(0, counts.Count - 1));
        return table;
    }

    private double Learn(int word, int neighbour, float rate)
    {
        Span<float> row = _rows.Span.Slice(word * _width, _width);
        _sum.AsSpan().Clear();
        double loss = 0;
        for (int i = 0; i <= _negatives; i++)
        {
            int other = i == 0 ? neighbour : _drawn[Draw() >> 44];
            if (i > 0 && other == neighbour)
            {
                continue;
            }

            Span<float> context = _contexts.Span.Slice(other * _width, _width);
            double product = VectorArithmetic.Product(row, context);
            double said = 1 / (1 + Math.Exp(-product));
            loss -= Math.Log(Math.Max(1e-12, i == 0 ? said : 1 - said));
            float slope = (float)((i == 0 ? 1 : 0) - said) * rate;
            VectorArithmetic.AddScaled(context, slope, _sum);
            VectorArithmetic.AddScaled(row, slope, context);
        }

        VectorArithmetic.Add(_sum, row);
        return loss;
    }

    /// <summary>xorshift64* (Vigna, "An experimental exploration", TOMS 42, 2016).</summary>
    private ulong Draw()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }

    private float Unit() => (Draw() >> 40) * (1f / (1 << 24));
}
