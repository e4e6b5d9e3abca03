using System.Globalization;

namespace NeuroDb.Bench;

/// <summary>
/// The least recall of each set, metric and target, by queries like the rows and unlike them, and
/// everything that lies below its target by more than is allowed.
/// </summary>
internal sealed class RecallOutcome(double[] targets, double tolerance)
{
    private const string Like = "like";
    private readonly List<string> _misses = [];
    private readonly int[] _missCounts = new int[2 * targets.Length];
    private readonly double[] _worst = [.. targets.Select(static _ => 1.0)];
    private Least[] _least = [];
    private string _name = "";
    private int _caseCount;

    /// <summary>Begins a set with a metric.</summary>
    public void Begin(string name)
    {
        Close();
        _name = name;
        _least = new Least[2 * targets.Length];
        _caseCount++;
    }

    /// <summary>Takes a measurement.</summary>
    /// <param name="target">Which of the targets.</param>
    /// <param name="kind">The kind of the queries.</param>
    /// <param name="k">How many rows were asked for.</param>
    /// <param name="recall">What was found.</param>
    /// <param name="lists">The share of the lists that was visited.</param>
    public void Add(int target, string kind, int k, double recall, double lists)
    {
        int place = kind == Like ? target : targets.Length + target;
        _least[place] = _least[place].With(recall, k, kind);
        _worst[target] = Math.Min(_worst[target], recall);
        if (IsMiss(target, recall))
        {
            _misses.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{_name}, {kind}, k = {k}, target {targets[target]}: {recall:F4}, "
                + $"{lists:P0} of the lists"));
            Console.Error.WriteLine("  miss: " + _misses[^1]);
        }
    }

    /// <summary>The least of the set: like the rows for each target, and unlike them.</summary>
    public IEnumerable<string> Cells => _least.Select(static least => least.ToString());

    /// <summary>Adds what missed, the counts and the worst.</summary>
    public void Report(BenchReport report)
    {
        Close();
        _misses.ForEach(report.Note);
        report.Figure("cases", _caseCount);
        for (int i = 0; i < targets.Length; i++)
        {
            report.Figure(Named("misses_like", i), _missCounts[i]);
            report.Figure(Named("misses_unlike", i), _missCounts[targets.Length + i]);
            report.Figure(Named("recall_min", i), _worst[i]);
        }
    }

    private void Close()
    {
        for (int i = 0; i < _least.Length; i++)
        {
            _missCounts[i] += IsMiss(i % targets.Length, _least[i].Recall) ? 1 : 0;
        }

        _least = [];
    }

    private bool IsMiss(int target, double recall) => recall < targets[target] - tolerance;

    private string Named(string figure, int target) =>
        string.Create(CultureInfo.InvariantCulture, $"{figure}_{targets[target]}");

    private readonly record struct Least(double Recall, int K, string Kind)
    {
        public Least With(double recall, int k, string kind) =>
            Kind is null || recall < Recall ? new Least(recall, k, kind) : this;

        public override string ToString() =>
            $"{Recall:F4} ({K}{(Kind == Like ? "" : " " + Kind)})";
    }
}
