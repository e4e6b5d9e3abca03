using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Judges recommendations by choices that came later: what a user had before is history and is
/// never recommended, everything else competes, beside the most popular items.
/// </summary>
internal sealed class RecommenderJudge
{
    /// <summary>How long lists are.</summary>
    public const int ListLength = 10;


    private readonly InteractionData _data;
    private readonly TwoTowerModel _model;
    private readonly int[] _items;
    private readonly int[] _users;

    /// <summary>A judge of a model on choices, whose names may be others.</summary>
    public RecommenderJudge(InteractionData data, ModelPackage package)
        : this(
            data,
            (TwoTowerModel)package.Model,
            [.. package.Labels.Take(((TwoTowerModel)package.Model).ItemCount)],
            [.. package.Labels.Skip(((TwoTowerModel)package.Model).ItemCount)])
    {
    }

    /// <summary>A judge of a model that was trained on these choices.</summary>
    public RecommenderJudge(InteractionData data, TwoTowerModel model)
        : this(data, model, data.Items, data.Users)
    {
    }

    private RecommenderJudge(
        InteractionData data,
        TwoTowerModel model,
        IReadOnlyList<string> items,
        IReadOnlyList<string> users)
    {
        _data = data;
        _model = model;
        _items = NumbersOf(data.Items, items);
        _users = NumbersOf(data.Users, users);
    }

    /// <summary>How many users were judged.</summary>
    public int Judged { get; private set; }

    /// <summary>Users of the part without any history.</summary>
    public int Cold { get; private set; }

    /// <summary>The metrics, hr@10 first; none without users to judge.</summary>
    /// <param name="part">Validation or test.</param>
    /// <param name="scoresMax">About how many scores are computed; fewer users are judged.</param>
    /// <param name="seed">What draws depend on.</param>
    /// <param name="hasIntervals">Whether intervals and verdicts are wanted.</param>
    public IReadOnlyList<JudgedMetric> Judge(
        SplitPart part, long scoresMax, ulong seed, bool hasIntervals = true)
    {
        int[] users = [.. Enumerable.Range(0, _data.Users.Count)
            .Where(user => _data.ChosenBy(user, part).Count > 0)];
        Cold = users.Count(user => HistoryOf(user, part).Length == 0);
        users = [.. users.Where(user => HistoryOf(user, part).Length > 0)];
        long most = Math.Max(1, scoresMax / Math.Max(1, _model.ItemCount));
        int step = (int)Math.Max(1, (users.Length + most - 1) / most);
        users = [.. users.Where((_, i) => i % step == 0)];
        Judged = users.Length;
        if (users.Length == 0)
        {
            return [];
        }

        return Measure(users, part, seed, hasIntervals);
    }

    private List<JudgedMetric> Measure(
        int[] users, SplitPart part, ulong seed, bool hasIntervals)
    {
        var own = new Measured(users.Length);
        var popular = new Measured(users.Length);
        var vector = new float[_model.Dimension];
        var scores = new float[_model.ItemCount];
        for (int i = 0; i < users.Length; i++)
        {
            int[] history = HistoryOf(users[i], part);
            var seen = new HashSet<int>(history);
            var wanted = _data.ChosenBy(users[i], part).Select(item => _items[item]).ToHashSet();
            _model.FillUser(_users[users[i]], history, vector);
            _model.Score(vector, scores);
            own.Add(i, TopItems.Of(scores, seen.Contains, ListLength), wanted);
            popular.Add(i, TopItems.Of(_model.Counts, seen.Contains, ListLength), wanted);
        }

        var metrics = new List<JudgedMetric>
        {
            Compare($"hr@{ListLength}", own.Hits, popular.Hits, seed, hasIntervals),
            Compare($"ndcg@{ListLength}", own.Gains, popular.Gains, seed, hasIntervals),
            JudgedMetric.Beside(
                "coverage",
                own.Shown.Count / (double)_model.ItemCount,
                popular.Shown.Count / (double)_model.ItemCount,
                true),
            JudgedMetric.Alone("cold_users", Cold, false),
        };
        return metrics;
    }

    // The items that a user had before, as numbers of the model.
    private int[] HistoryOf(int user, SplitPart part)
    {
        IEnumerable<int> before = _data.ChosenBy(user, SplitPart.Train);
        before = part == SplitPart.Test
            ? before.Concat(_data.ChosenBy(user, SplitPart.Validation)) : before;
        return [.. before.Select(item => _items[item]).Where(static item => item >= 0)];
    }

    private static int[] NumbersOf(IReadOnlyList<string> names, IReadOnlyList<string> known)
    {
        if (ReferenceEquals(names, known))
        {
            return [.. Enumerable.Range(0, names.Count)];
        }

        Dictionary<string, int> numbers = new(StringComparer.Ordinal);
        for (int i = 0; i < known.Count; i++)
        {
            numbers.TryAdd(known[i], i);
        }

        return [.. names.Select(name => numbers.GetValueOrDefault(name, -1))];
    }

    private static JudgedMetric Compare(
        string name, double[] own, double[] popular, ulong seed, bool hasInterval) =>
        hasInterval
            ? JudgedMetric.Paired(name, own, popular, seed)
            : JudgedMetric.Beside(name, own.Average(), popular.Average(), true);

    private sealed class Measured(int users)
    {
        public double[] Hits { get; } = new double[users];

        public double[] Gains { get; } = new double[users];

        public HashSet<int> Shown { get; } = [];

        public void Add(int user, int[] items, IReadOnlySet<int> wanted)
        {
            Hits[user] = items.Any(wanted.Contains) ? 1 : 0;
            Gains[user] = TopItems.Gain(items, wanted, ListLength);
            Shown.UnionWith(items);
        }
    }
}
