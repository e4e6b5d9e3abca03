using System.Text;

namespace NeuroDb.Neural;

/// <summary>
/// Precision and recall of whole entities in sequences of tags, as <see cref="EntityTags"/> finds
/// them: an entity is right if its kind and both ends are.
/// </summary>
internal sealed class EntityReport
{
    private readonly List<ClassScores> _kinds = [];
    private readonly List<ClassScores> _means = [];

    /// <summary>A report of sequences of tags.</summary>
    public EntityReport(
        IReadOnlyList<IReadOnlyList<string>> expected,
        IReadOnlyList<IReadOnlyList<string>> predicted)
    {
        var real = new HashSet<(int, int, int, string)>();
        var said = new HashSet<(int, int, int, string)>();
        for (int i = 0; i < expected.Count; i++)
        {
            AddEntities(expected[i], i, real);
            AddEntities(predicted[i], i, said);
        }

        string[] kinds =
        [
            .. real.Concat(said).Select(entity => entity.Item4).Distinct()
                .Order(StringComparer.Ordinal),
        ];
        foreach (string kind in kinds)
        {
            _kinds.Add(ClassificationReport.ScoresOf(
                kind,
                said.Count(entity => entity.Item4 == kind && real.Contains(entity)),
                said.Count(entity => entity.Item4 == kind),
                real.Count(entity => entity.Item4 == kind)));
        }

        _means.Add(ClassificationReport.ScoresOf(
            "micro avg", said.Count(real.Contains), said.Count, real.Count));
        _means.Add(Mean("macro avg", _ => 1));
        _means.Add(Mean("weighted avg", scores => scores.Support));
    }

    /// <summary>The scores of each kind of entity.</summary>
    public IReadOnlyList<ClassScores> Kinds => _kinds;

    /// <summary>Micro, macro and weighted average.</summary>
    public IReadOnlyList<ClassScores> Averages => _means;

    /// <summary>The text in the layout of seqeval.</summary>
    public string ToText(int digits = 2)
    {
        int width = Math.Max("weighted avg".Length, digits);
        foreach (ClassScores kind in _kinds)
        {
            width = Math.Max(width, ClassificationReport.LengthOf(kind.Name));
        }

        StringBuilder text = ClassificationReport.Heading(width);
        foreach (ClassScores kind in _kinds)
        {
            ClassificationReport.AppendRow(text, kind, width, digits);
        }

        text.Append('\n');
        foreach (ClassScores mean in _means)
        {
            ClassificationReport.AppendRow(text, mean, width, digits);
        }

        return text.ToString();
    }

    private ClassScores Mean(string name, Func<ClassScores, double> weightOf)
    {
        double weight = _kinds.Sum(weightOf);
        double Of(Func<ClassScores, double> score) => weight == 0
            ? 0 : _kinds.Sum(it => weightOf(it) * score(it)) / weight;
        return new ClassScores(
            name,
            Of(it => it.Precision),
            Of(it => it.Recall),
            Of(it => it.F1),
            _kinds.Sum(it => it.Support));
    }

    private static void AddEntities(
        IReadOnlyList<string> tags, int sequence, HashSet<(int, int, int, string)> entities)
    {
        foreach (EntitySpan span in EntityTags.SpansOf(tags))
        {
            entities.Add((sequence, span.Start, span.End, span.Kind));
        }
    }
}
