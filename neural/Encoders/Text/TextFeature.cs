using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>One feature of a text and how often and how heavily it occurs there.</summary>
internal struct TextFeature
{
    /// <summary>The feature, as <see cref="FeatureHash"/> gives it.</summary>
    public ulong Hash;

    /// <summary>The sum of the weights of all occurrences.</summary>
    public float WeightSum;

    /// <summary>How often the feature occurs.</summary>
    public int OccurrenceCount;

    /// <summary>Where the table keeps the feature.</summary>
    public int Slot;
}
