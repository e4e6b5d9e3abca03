using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Who chose what, in the order of time, each pair once: the last choices of each user test, the
/// one before them validates, the others train.
/// </summary>
internal sealed class InteractionData
{
    private const int NamesMax = 1 << 20;

    private readonly Dictionary<string, int> _userNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _itemNumbers = new(StringComparer.Ordinal);
    private readonly List<string> _users = [];
    private readonly List<string> _items = [];
    private readonly List<List<int>> _chosen = [];
    private readonly HashSet<(int User, int Item)> _pairs = [];
    private int _left;

    private InteractionData()
    {
    }

    /// <summary>The names of users by number.</summary>
    public IReadOnlyList<string> Users => _users;

    /// <summary>The names of items by number.</summary>
    public IReadOnlyList<string> Items => _items;

    /// <summary>Rows without a user or an item.</summary>
    public long Rejected { get; private set; }

    /// <summary>Rows whose pair was there before.</summary>
    public long Repeated { get; private set; }

    /// <summary>All rows.</summary>
    public long RowCount { get; private set; }

    /// <summary>Which choice has which part, as a hash.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Reads rows in their order; the last so many choices of a user test.</summary>
    public static InteractionData Read(ModelQuery query, RecommenderSpec spec, int left)
    {
        var data = new InteractionData { _left = left };
        int user = query.IndexOf(spec.User);
        int item = query.IndexOf(spec.Item);
        Invariant.Check(user >= 0 && item >= 0);
        foreach (RowBatch batch in query.Read())
        {
            data.Add(batch, user, item);
        }

        data.Hash = data.HashOf();
        return data;
    }

    /// <summary>The number of a user; -1 for one that is not here.</summary>
    public int UserOf(string name) => _userNumbers.GetValueOrDefault(name, -1);

    /// <summary>The choices of a user that have a part.</summary>
    public IReadOnlyList<int> ChosenBy(int user, SplitPart part)
    {
        List<int> all = _chosen[user];
        int test = Math.Min(_left, all.Count);
        int train = all.Count - test;
        int validation = _left > 0 && train > 2 ? 1 : 0;
        train -= validation;
        return part switch
        {
            SplitPart.Train => all[..train],
            SplitPart.Validation => all.GetRange(train, validation),
            _ => all.GetRange(all.Count - test, test),
        };
    }

    /// <summary>All choices of a part.</summary>
    public long CountOf(SplitPart part) =>
        Enumerable.Range(0, _users.Count).Sum(user => (long)ChosenBy(user, part).Count);

    private void Add(RowBatch batch, int user, int item)
    {
        for (int row = 0; row < batch.Count; row++)
        {
            RowCount++;
            if (batch.Columns[user].IsNull(row) || batch.Columns[item].IsNull(row))
            {
                Rejected++;
                continue;
            }

            int who = NumberOf(
                ValueText.Format(batch.Columns[user], row), _userNumbers, _users);
            int what = NumberOf(
                ValueText.Format(batch.Columns[item], row), _itemNumbers, _items);
            if (who == _chosen.Count)
            {
                _chosen.Add([]);
            }

            if (_pairs.Add((who, what)))
            {
                _chosen[who].Add(what);
            }
            else
            {
                Repeated++;
            }
        }
    }

    private static int NumberOf(string name, Dictionary<string, int> numbers, List<string> names)
    {
        if (!numbers.TryGetValue(name, out int number))
        {
            number = names.Count;
            numbers.Add(name, number);
            names.Add(name);
            if (number >= NamesMax / 2)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"There are more than {NamesMax / 2} users or items; a recommender keeps a "
                    + "vector of each. Leave the rare ones out.");
            }
        }

        return number;
    }

    private string HashOf()
    {
        var hash = new SplitHash();
        for (int user = 0; user < _users.Count; user++)
        {
            ulong name = Hash64.Of(_users[user]);
            foreach (SplitPart part in Enum.GetValues<SplitPart>())
            {
                foreach (int item in ChosenBy(user, part))
                {
                    hash.Add([Hash64.Combine(name, Hash64.Of(_items[item]))], [(byte)part]);
                }
            }
        }

        return hash.ToString();
    }
}
