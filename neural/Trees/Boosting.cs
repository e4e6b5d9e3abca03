using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// What boosted trees have said so far about the rows of a training, and the gradients of the loss
/// there: squares for numbers, cross entropy for classes.
/// </summary>
internal sealed class Boosting
{
    private readonly ReadOnlyMemory<float> _features;
    private readonly float[] _targets;
    private readonly int _classes;
    private readonly int _columns;
    private readonly float[] _scores;
    private readonly float[] _probabilities;

    /// <summary>The start: the mean of the targets, or the logarithms of the shares.</summary>
    public Boosting(
        ReadOnlyMemory<float> features, float[] targets, int classes, int columns)
    {
        _features = features;
        _targets = targets;
        _classes = classes;
        _columns = columns;
        OutputCount = Math.Max(1, classes);
        Start = new float[OutputCount];
        for (int i = 0; i < OutputCount; i++)
        {
            double share = (targets.Count(target => (int)target == i) + 1.0)
                / (targets.Length + OutputCount);
            Start[i] = (float)(classes > 0 ? Math.Log(share) : targets.Average(it => (double)it));
        }

        _scores = new float[targets.Length * OutputCount];
        _probabilities = new float[_scores.Length];
        for (int i = 0; i < _scores.Length; i++)
        {
            _scores[i] = Start[i % OutputCount];
        }
    }

    /// <summary>Trees of a round.</summary>
    public int OutputCount { get; }

    /// <summary>What every row begins with.</summary>
    public float[] Start { get; }

    /// <summary>Fixes what all trees of a round are compared with.</summary>
    public void BeginRound()
    {
        if (_classes > 0)
        {
            Softmax.Compute(_scores, _classes, _probabilities);
        }
    }

    /// <summary>Minus the gradients, and the second derivatives, for a tree of the round.</summary>
    public (float[] Sums, float[] Weights) Gradients(int output)
    {
        var sums = new float[_targets.Length];
        var weights = new float[_targets.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            if (_classes == 0)
            {
                sums[i] = _targets[i] - _scores[i];
                weights[i] = 1;
                continue;
            }

            float p = _probabilities[(i * _classes) + output];
            sums[i] = ((int)_targets[i] == output ? 1 : 0) - p;
            weights[i] = MathF.Max(p * (1 - p), 1e-6f);
        }

        return (sums, weights);
    }

    /// <summary>Adds what a tree says to the scores of an output.</summary>
    public void Add(int output, TreeNodes tree)
    {
        for (int i = 0; i < _targets.Length; i++)
        {
            ReadOnlySpan<float> row = _features.Span.Slice(i * _columns, _columns);
            int node = tree.Roots[0];
            while (tree.Features[node] >= 0)
            {
                bool isAbove = row[tree.Features[node]] > tree.Thresholds[node];
                node = tree.Children[node] + (isAbove ? 1 : 0);
            }

            _scores[(i * OutputCount) + output] += tree.Values[node];
        }
    }
}
