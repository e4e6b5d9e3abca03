using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>
/// What queries of each kind cost beside those like the rows of the same set: time, codes scanned
/// and rows compared, as ratios whose geometric mean over sets and metrics is told.
/// </summary>
internal sealed class RecallCosts
{
    private const string Like = "like";
    private readonly Dictionary<string, List<double[]>> _ratios = [];
    private double[] _like = [];

    /// <summary>Takes what the searches of a kind did; like the rows first.</summary>
    public void Add(string kind, in VectorSearchStatistics done, int asked)
    {
        double[] cost =
        [
            Math.Max(1, done.Elapsed.TotalMicroseconds) / asked,
            (double)Math.Max(1, done.Codes) / asked,
            (double)Math.Max(1, done.Reranked) / asked,
        ];
        if (kind == Like)
        {
            _like = cost;
        }

        if (!_ratios.TryGetValue(kind, out List<double[]>? known))
        {
            _ratios[kind] = known = [];
        }

        known.Add(kind == Like ? cost : [.. cost.Zip(_like, static (a, b) => a / b)]);
    }

    /// <summary>Adds a note for each kind.</summary>
    public void Report(BenchReport report)
    {
        foreach ((string kind, List<double[]> ratios) in _ratios)
        {
            string unit = kind == Like ? "" : " times";
            report.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind}: {Mean(ratios, 0):F2}{unit} us (at most {ratios.Max(r => r[0]):F1}), "
                + $"{Mean(ratios, 1):F2}{unit} codes, {Mean(ratios, 2):F2}{unit} rows compared"));
        }
    }

    private static double Mean(List<double[]> ratios, int place) =>
        Math.Exp(ratios.Average(ratio => Math.Log(ratio[place])));
}
