namespace NeuroDb.Neural;

/// <summary>
/// The nodes of growing trees, in arrays. A node with feature -1 is a leaf; a row goes left unless
/// its feature is above the threshold, so NaN goes left.
/// </summary>
internal sealed class TreeNodes(int outputCount)
{
    /// <summary>The feature of a node, or -1.</summary>
    public List<int> Features { get; } = [];

    /// <summary>The threshold of a node.</summary>
    public List<float> Thresholds { get; } = [];

    /// <summary>The left child; the right one follows it.</summary>
    public List<int> Children { get; } = [];

    /// <summary>The outputs of a node, (nodes, outputs).</summary>
    public List<float> Values { get; } = [];

    /// <summary>The first node of each tree.</summary>
    public List<int> Roots { get; } = [];

    /// <summary>How much the splits by a feature gained.</summary>
    public Dictionary<int, double> Gains { get; } = [];

    /// <summary>Numbers of a value.</summary>
    public int OutputCount => outputCount;

    /// <summary>Adds a leaf whose values are zero.</summary>
    public int AddLeaf()
    {
        Features.Add(-1);
        Thresholds.Add(0);
        Children.Add(0);
        for (int i = 0; i < outputCount; i++)
        {
            Values.Add(0);
        }

        return Features.Count - 1;
    }

    /// <summary>Makes a leaf a split with two leaves.</summary>
    public int Split(int node, int feature, float threshold)
    {
        int left = AddLeaf();
        AddLeaf();
        Features[node] = feature;
        Thresholds[node] = threshold;
        Children[node] = left;
        return left;
    }

    /// <summary>The same trees, whose leaves say the opposite.</summary>
    public TreeNodes Opposite()
    {
        var other = new TreeNodes(outputCount);
        other.Append(this);
        for (int i = 0; i < other.Values.Count; i++)
        {
            other.Values[i] = -other.Values[i];
        }

        return other;
    }

    /// <summary>Adds the trees of another, in order.</summary>
    public void Append(TreeNodes other)
    {
        int shift = Features.Count;
        Features.AddRange(other.Features);
        Thresholds.AddRange(other.Thresholds);
        Children.AddRange(other.Children.Select(child => child + shift));
        Values.AddRange(other.Values);
        Roots.AddRange(other.Roots.Select(root => root + shift));
        foreach ((int feature, double gain) in other.Gains)
        {
            Gains[feature] = Gains.GetValueOrDefault(feature) + gain;
        }
    }
}
