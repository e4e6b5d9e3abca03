using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>The towers of a version with the names of users and items.</summary>
internal sealed class Recommender
{
    private readonly TwoTowerModel _model;
    private readonly IReadOnlyList<string> _names;
    private readonly Dictionary<string, int> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);

    /// <summary>The recommender of a version.</summary>
    public Recommender(ModelVersion version)
    {
        _model = version.Model as TwoTowerModel
            ?? throw NeuralErrors.MalformedModel("it has no towers");
        _names = version.Labels;
        Invariant.Check(_names.Count == _model.ItemCount + _model.UserCount);
        for (int i = 0; i < _names.Count; i++)
        {
            if (i < _model.ItemCount)
            {
                _items.TryAdd(_names[i], i);
            }
            else
            {
                _users.TryAdd(_names[i], i - _model.ItemCount);
            }
        }
    }

    /// <summary>The number of an item, or null.</summary>
    public int? ItemOf(string name) =>
        _items.TryGetValue(name, out int item) ? item : null;

    /// <summary>The best items, best first; the most popular for one of whom nothing is known.
    /// </summary>
    public IEnumerable<(string Item, double Score)> Best(
        string user, int[] history, HashSet<int> seen, int most)
    {
        var scores = new float[_model.ItemCount];
        if (history.Length == 0)
        {
            float all = Math.Max(1, _model.Counts.ToArray().Max());
            for (int i = 0; i < scores.Length; i++)
            {
                scores[i] = _model.Counts[i] / all;
            }
        }
        else
        {
            var vector = new float[_model.Dimension];
            _model.FillUser(_users.GetValueOrDefault(user, -1), history, vector);
            _model.Score(vector, scores);
        }

        int count = Math.Min(most, scores.Length - seen.Count);
        return TopItems.Of(scores, seen.Contains, Math.Max(0, count))
            .Select(item => (_names[item], (double)scores[item]));
    }
}
