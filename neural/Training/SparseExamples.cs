using System.Numerics;

namespace NeuroDb.Neural;

/// <summary>
/// Examples whose features are mostly zeros, in memory by their other features alone: texts as
/// places of words take a hundredth of their length. They are spread out as they are read.
/// </summary>
/// <param name="featureCount">Features of an example.</param>
/// <param name="targetCount">Numbers of the target of an example.</param>
/// <param name="seed">What the order depends on, or null for the order in which they came.</param>
internal sealed class SparseExamples(int featureCount, int targetCount, ulong? seed)
    : IExampleSource
{
    private readonly List<long> _starts = [0];
    private readonly List<int> _places = [];
    private readonly List<float> _values = [];
    private readonly List<float> _targets = [];

    /// <inheritdoc/>
    public int FeatureCount => featureCount;

    /// <inheritdoc/>
    public int TargetCount => targetCount;

    /// <inheritdoc/>
    public long Count => _starts.Count - 1;

    /// <summary>The bytes that the examples take.</summary>
    public long SizeBytes => (8L * _places.Count) + (4L * _targets.Count) + (8L * _starts.Count);

    /// <summary>Adds examples, (rows, features) and (rows, targets).</summary>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            AddRow(features.Slice(row * featureCount, featureCount));
            _starts.Add(_places.Count);
        }

        _targets.AddRange(targets[..(rows * targetCount)]);
    }

    /// <inheritdoc/>
    public IExampleReader Open(int pass)
    {
        int[] order = [.. Enumerable.Range(0, (int)Count)];
        if (seed is ulong known)
        {
            ArrayExamples.Shuffle(order, Hash64.Combine(known, (ulong)pass));
        }

        return new SparseReader(this, order);
    }

    /// <summary>Fills the features and targets of one example.</summary>
    internal void Spread(int example, Span<float> features, Span<float> targets)
    {
        features.Clear();
        for (int i = (int)_starts[example]; i < _starts[example + 1]; i++)
        {
            features[_places[i]] = _values[i];
        }

        CopyTargets(example, targets);
    }

    /// <summary>Adds the features that are not 0 of one example, and fills its targets.</summary>
    internal void AddEntries(
        int example, List<(int Place, float Value)> entries, Span<float> targets)
    {
        for (int i = (int)_starts[example]; i < _starts[example + 1]; i++)
        {
            entries.Add((_places[i], _values[i]));
        }

        CopyTargets(example, targets);
    }

    private void CopyTargets(int example, Span<float> targets)
    {
        for (int i = 0; i < targetCount; i++)
        {
            targets[i] = _targets[(example * targetCount) + i];
        }
    }

    private void AddRow(ReadOnlySpan<float> features)
    {
        int width = Vector<float>.Count;
        int at = 0;
        for (; at + width <= features.Length; at += width)
        {
            if (!Vector.EqualsAll(new Vector<float>(features[at..]), Vector<float>.Zero))
            {
                AddSome(features, at, at + width);
            }
        }

        AddSome(features, at, features.Length);
    }

    private void AddSome(ReadOnlySpan<float> features, int start, int end)
    {
        for (int i = start; i < end; i++)
        {
            if (features[i] != 0)
            {
                _places.Add(i);
                _values.Add(features[i]);
            }
        }
    }
}
