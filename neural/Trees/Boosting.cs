using System.Runtime.Intrinsics;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// What boosted trees have said so far about the rows of a training, and the gradients of the loss
/// there: squares for numbers, cross entropy for classes.
/// </summary>
internal sealed class Boosting
{
    private readonly float[] _targets;
    private readonly int _classes;
    private readonly float[] _weights;
    private readonly float[] _scores;
    private readonly float[] _probabilities;

    /// <summary>The start: the mean of the targets, or the logarithms of the shares.</summary>
    public Boosting(float[] targets, int classes, IReadOnlyList<float> classWeights)
    {
        _targets = targets;
        _classes = classes;
        _weights = [.. classWeights];
        OutputCount = Math.Max(1, classes);
        Start = new float[OutputCount];
        for (int i = 0; i < OutputCount; i++)
        {
            Start[i] = (float)(classes > 0
                ? Math.Log(ShareOf(i)) : targets.Average(static it => (double)it));
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

    /// <summary>
    /// For a tree of the round minus the gradient of each row, the second derivative, and 1.
    /// </summary>
    public void Gradients(int output, Span<Vector128<float>> gradients)
    {
        for (int i = 0; i < gradients.Length; i++)
        {
            if (_classes == 0)
            {
                gradients[i] = Vector128.Create(_targets[i] - _scores[i], 1, 1, 0);
                continue;
            }

            int label = (int)_targets[i];
            float weight = _weights.Length > 0 ? _weights[label] : 1;
            float p = _probabilities[(i * _classes) + output];
            gradients[i] = Vector128.Create(
                weight * ((label == output ? 1 : 0) - p),
                weight * MathF.Max(p * (1 - p), 1e-6f),
                1,
                0);
        }
    }

    /// <summary>
    /// Adds what a leaf says to the scores of its rows. Of two classes one tree is enough: what it
    /// says of the one, the other's would say with the sign changed.
    /// </summary>
    public void Add(int output, ReadOnlySpan<int> rows, float value)
    {
        bool isPair = _classes == 2;
        foreach (int row in rows)
        {
            _scores[(row * OutputCount) + output] += value;
            if (isPair)
            {
                _scores[(row * OutputCount) + 1 - output] -= value;
            }
        }
    }

    /// <summary>The weight of a class in that of all, as if each had a row more.</summary>
    private double ShareOf(int label)
    {
        double own = 1;
        double all = OutputCount;
        foreach (float target in _targets)
        {
            float weight = _weights.Length > 0 ? _weights[(int)target] : 1;
            own += (int)target == label ? weight : 0;
            all += weight;
        }

        return own / all;
    }
}
