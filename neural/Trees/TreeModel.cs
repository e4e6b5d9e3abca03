using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>A decision tree, a forest, boosted trees or an isolation forest.</summary>
internal sealed class TreeModel : Model
{
    private readonly int[] _features;
    private readonly float[] _thresholds;
    private readonly int[] _children;
    private readonly float[] _values;
    private readonly int[] _roots;
    private readonly float[] _base;
    private readonly int _valueWidth;
    private readonly float _expectedDepth;

    /// <summary>A model of nodes that were grown.</summary>
    /// <param name="architecture">How it was asked for.</param>
    /// <param name="task">What it says.</param>
    /// <param name="join">How the trees are joined.</param>
    /// <param name="featureCount">Features of a row.</param>
    /// <param name="nodes">The trees.</param>
    /// <param name="start">What sums begin with, one number for each output.</param>
    /// <param name="expectedDepth">The depth that isolation compares with.</param>
    public TreeModel(
        string architecture,
        ModelTask task,
        TreeJoin join,
        int featureCount,
        TreeNodes nodes,
        float[] start,
        float expectedDepth = 1)
    {
        Architecture = architecture;
        Task = task;
        Join = join;
        FeatureCount = featureCount;
        _features = [.. nodes.Features];
        _thresholds = [.. nodes.Thresholds];
        _children = [.. nodes.Children];
        _values = [.. nodes.Values];
        _roots = [.. nodes.Roots];
        _base = start;
        _valueWidth = nodes.OutputCount;
        _expectedDepth = expectedDepth;
        double total = nodes.Gains.Values.Sum();
        Importance = [.. Enumerable.Range(0, featureCount).Select(
            i => total > 0 ? nodes.Gains.GetValueOrDefault(i) / total : 0)];
    }

    /// <inheritdoc/>
    public override string Kind => "trees";

    /// <inheritdoc/>
    public override string Architecture { get; }

    /// <inheritdoc/>
    public override ModelTask Task { get; }

    /// <summary>How the trees are joined.</summary>
    public TreeJoin Join { get; }

    /// <inheritdoc/>
    public override int FeatureCount { get; }

    /// <inheritdoc/>
    public override int OutputCount => _base.Length;

    /// <inheritdoc/>
    public override IReadOnlyList<double> Importance { get; }

    /// <inheritdoc/>
    public override long FlopPerRow => _roots.Length * 8L;

    /// <summary>How many trees there are.</summary>
    public int TreeCount => _roots.Length;

    /// <inheritdoc/>
    /// <remarks>Whole numbers up to 2^24 are exact as floats; no model has more nodes.</remarks>
    public override IReadOnlyList<Tensor> Tensors =>
    [
        Floats("features", _features),
        new("thresholds", [_thresholds.Length], _thresholds),
        Floats("children", _children),
        new("values", [_features.Length, _valueWidth], _values),
        Floats("roots", _roots),
        new("base", [_base.Length], _base),
        new("importance", [FeatureCount], Importance.Select(part => (float)part).ToArray()),
        new("joining", [2], new float[] { (int)Join, _expectedDepth }),
    ];

    /// <summary>
    /// The model whose <see cref="Tensors"/> these are, after checking every index.
    /// </summary>
    public static TreeModel FromTensors(
        string architecture,
        ModelTask task,
        int featureCount,
        IReadOnlyDictionary<string, Tensor> tensors)
    {
        Tensor values = tensors["values"];
        var nodes = new TreeNodes(values.Shape.Count == 2 ? values.Shape[1] : 0);
        nodes.Features.AddRange(Whole(tensors["features"]));
        nodes.Thresholds.AddRange(tensors["thresholds"].Data.ToArray());
        nodes.Children.AddRange(Whole(tensors["children"]));
        nodes.Values.AddRange(values.Data.ToArray());
        nodes.Roots.AddRange(Whole(tensors["roots"]));
        float[] start = tensors["base"].Data.ToArray();
        float[] joining = tensors["joining"].Data.ToArray();
        float[] importance = tensors["importance"].Data.ToArray();
        int count = nodes.Features.Count;
        bool isWhole = nodes.Thresholds.Count == count && nodes.Children.Count == count
            && nodes.OutputCount > 0 && nodes.Values.Count == count * nodes.OutputCount
            && nodes.Roots.All(root => root >= 0 && root < count)
            && joining.Length == 2 && Enum.IsDefined((TreeJoin)(int)joining[0])
            && importance.Length == featureCount && start.Length > 0
            && ((TreeJoin)(int)joining[0] == TreeJoin.Softmax
                ? nodes.OutputCount == 1 : nodes.OutputCount == start.Length);
        for (int i = 0; i < count && isWhole; i++)
        {
            // Children come after their parent, so that every walk ends.
            isWhole = nodes.Features[i] == -1
                || (nodes.Features[i] >= 0 && nodes.Features[i] < featureCount
                    && nodes.Children[i] > i && nodes.Children[i] < count - 1);
        }

        if (!isWhole)
        {
            throw NeuralErrors.MalformedModel("the trees do not hang together");
        }

        for (int i = 0; i < featureCount; i++)
        {
            nodes.Gains[i] = importance[i];
        }

        return new TreeModel(
            architecture,
            task,
            (TreeJoin)(int)joining[0],
            featureCount,
            nodes,
            start,
            joining[1]);
    }

    /// <inheritdoc/>
    public override void Predict(ReadOnlyMemory<float> features, int count, Span<float> outputs)
    {
        for (int i = 0; i < count; i++)
        {
            Predict(
                features.Span.Slice(i * FeatureCount, FeatureCount),
                outputs.Slice(i * OutputCount, OutputCount));
        }

        if (Join == TreeJoin.Softmax)
        {
            Span<float> all = outputs[..(count * OutputCount)];
            Softmax.Compute(all, OutputCount, all);
        }
    }

    /// <summary>The features that decide a row in one tree, from the root to the leaf.</summary>
    public IEnumerable<(int Feature, float Threshold, bool IsAbove)> PathOf(
        ReadOnlyMemory<float> row, int tree)
    {
        int node = _roots[tree];
        while (_features[node] >= 0)
        {
            bool isAbove = row.Span[_features[node]] > _thresholds[node];
            yield return (_features[node], _thresholds[node], isAbove);
            node = _children[node] + (isAbove ? 1 : 0);
        }
    }

    private void Predict(ReadOnlySpan<float> row, Span<float> output)
    {
        _base.CopyTo(output);
        for (int tree = 0; tree < _roots.Length; tree++)
        {
            int node = _roots[tree];
            while (_features[node] >= 0)
            {
                node = _children[node] + (row[_features[node]] > _thresholds[node] ? 1 : 0);
            }

            if (Join == TreeJoin.Softmax)
            {
                output[tree % output.Length] += _values[node];
                continue;
            }

            for (int i = 0; i < output.Length; i++)
            {
                output[i] += _values[(node * _valueWidth) + i];
            }
        }

        if (Join is TreeJoin.Mean or TreeJoin.Isolation)
        {
            foreach (ref float number in output)
            {
                number /= _roots.Length;
                number = Join == TreeJoin.Isolation
                    ? MathF.Pow(2, -number / _expectedDepth) : number;
            }
        }
    }

    private static Tensor Floats(string name, int[] numbers) =>
        new(name, [numbers.Length], numbers.Select(number => (float)number).ToArray());

    private static IEnumerable<int> Whole(Tensor tensor) =>
        tensor.Data.ToArray().Select(number => (int)number);
}
