using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Judges tags of texts whose tags are known, beside the most frequent tag of each word.
/// </summary>
internal sealed class TaggerJudge
{
    private const int Samples = 1000;

    private readonly TagNames _names;
    private readonly TagScores _own = new();
    private readonly TagScores _guessed = new();
    private readonly bool _hasBaseline;

    /// <summary>A judge of a model on texts.</summary>
    /// <param name="model">The model; its tags are the first of the names.</param>
    /// <param name="names">All tags.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="baseline">The guess without context, or null.</param>
    public TaggerJudge(
        TaggerModel model,
        TagNames names,
        IReadOnlyList<TaggedText> texts,
        TagBaseline? baseline)
    {
        _names = names;
        _hasBaseline = baseline is not null;
        var run = new TaggerRun(model);
        foreach (TaggedText text in texts)
        {
            string[] expected = TextsOf(text.Tags);
            string[] said = TextsOf(text.UnitsOf(run.Tag(text.Text, text.Tokens)));
            Expected.Add(expected);
            Predicted.Add(said);
            _own.Add(expected, said);
            if (baseline is not null)
            {
                _guessed.Add(expected, TextsOf(baseline.Tag(text)));
            }
        }
    }

    /// <summary>The tags of each text.</summary>
    public List<IReadOnlyList<string>> Expected { get; } = [];

    /// <summary>What the model says of each text.</summary>
    public List<IReadOnlyList<string>> Predicted { get; } = [];

    /// <summary>
    /// The main metric alone, without its interval: entities where tags speak of them, else tags.
    /// </summary>
    public double Main => _names.HasEntities ? _own.F1(All) : _own.Accuracy(All);

    private IEnumerable<int> All => Enumerable.Range(0, _own.Count);

    /// <summary>The metrics, the main one first; none without texts.</summary>
    public IReadOnlyList<JudgedMetric> Judge(ulong seed)
    {
        if (_own.Count == 0)
        {
            return [];
        }

        JudgedMetric accuracy = Compare(
            "token_accuracy", static (scores, texts) => scores.Accuracy(texts), seed);
        if (!_names.HasEntities)
        {
            return [accuracy];
        }

        return
        [
            Compare("entity_f1", static (scores, texts) => scores.F1(texts), seed),
            JudgedMetric.Beside(
                "entity_precision", _own.Precision, Guessed(_guessed.Precision), true),
            JudgedMetric.Beside("entity_recall", _own.Recall, Guessed(_guessed.Recall), true),
            accuracy,
        ];
    }

    private double Guessed(double value) => _hasBaseline ? value : double.NaN;

    private JudgedMetric Compare(
        string name, Func<TagScores, IEnumerable<int>, double> metric, ulong seed)
    {
        (double low, double high) = Confidence.Bootstrap(
            _own.Count, drawn => metric(_own, drawn), seed, Samples);
        if (!_hasBaseline)
        {
            return new JudgedMetric(name, metric(_own, All), double.NaN, low, high, true, "");
        }

        (double least, double most) = Confidence.Bootstrap(
            _own.Count, drawn => metric(_own, drawn) - metric(_guessed, drawn), seed, Samples);
        return new JudgedMetric(
            name,
            metric(_own, All),
            metric(_guessed, All),
            low,
            high,
            true,
            least > 0 ? "better than the baseline"
                : most < 0 ? "worse than the baseline"
                : "not better than the baseline");
    }

    private string[] TextsOf(int[] tags) => [.. tags.Select(tag => _names[tag])];
}
