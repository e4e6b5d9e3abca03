namespace NeuroDb.Storage;

/// <summary>
/// How well texts fit some terms: the sum over the terms of
/// <c>weight * f * (k1 + 1) / (f + k1 * (1 - b + b * length / average length))</c>, where f is how
/// often a text has the term and <c>weight = ln(1 + (n - m + 0.5) / (m + 0.5))</c>, m of n texts
/// having it. Okapi BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and
/// Beyond, 2009, section 3) with the weight that is never negative.
/// </summary>
internal sealed class TextRanking
{
    private readonly Dictionary<ulong, int> _ordinals = [];
    private readonly double[] _weights;
    private readonly double _k1;
    private readonly double _b;
    private readonly double _averageLength;

    /// <summary>Weighs the terms of a query.</summary>
    /// <param name="terms">The terms; one that comes twice counts twice.</param>
    /// <param name="statistics">What is known about the texts.</param>
    /// <param name="options">The two parameters.</param>
    public TextRanking(
        IReadOnlyList<ulong> terms, TextStatistics statistics, TextIndexOptions options)
    {
        Invariant.Check(statistics.TextCounts.Length == terms.Count);
        _k1 = options.Saturation;
        _b = options.LengthWeight;
        _averageLength = statistics.TextCount == 0
            ? 1
            : Math.Max(1, (double)statistics.LengthSum / statistics.TextCount);
        var distinct = new List<ulong>();
        var weights = new List<double>();
        for (int i = 0; i < terms.Count; i++)
        {
            double having = statistics.TextCounts[i];
            double weight = Math.Log(
                1 + ((statistics.TextCount - having + 0.5) / (having + 0.5)));
            if (_ordinals.TryGetValue(terms[i], out int known))
            {
                weights[known] += weight;
                continue;
            }

            _ordinals.Add(terms[i], distinct.Count);
            distinct.Add(terms[i]);
            weights.Add(weight);
        }

        Terms = distinct;
        _weights = [.. weights];
    }

    /// <summary>The different terms.</summary>
    public IReadOnlyList<ulong> Terms { get; }

    /// <summary>What a term adds to the score of a text.</summary>
    /// <param name="term">The ordinal of the term in <see cref="Terms"/>.</param>
    /// <param name="frequency">How often the text has it, at least once.</param>
    /// <param name="length">The words of the text.</param>
    public double Score(int term, int frequency, int length) =>
        _weights[term] * frequency * (_k1 + 1)
        / (frequency + (_k1 * (1 - _b + (_b * length / _averageLength))));

    /// <summary>
    /// The score of one text: the same number, to the last bit, as by way of the postings.
    /// </summary>
    /// <param name="textTerms">The terms of the text, sorted.</param>
    /// <param name="length">The words of the text.</param>
    public double Score(List<ulong> textTerms, int length)
    {
        double score = 0;
        for (int term = 0; term < Terms.Count; term++)
        {
            int start = textTerms.BinarySearch(Terms[term]);
            if (start < 0)
            {
                continue;
            }

            int end = start;
            while (start > 0 && textTerms[start - 1] == Terms[term])
            {
                start--;
            }

            while (end < textTerms.Count && textTerms[end] == Terms[term])
            {
                end++;
            }

            score += Score(term, Math.Min(end - start, TextPostings.FrequencyMax), length);
        }

        return score;
    }
}
