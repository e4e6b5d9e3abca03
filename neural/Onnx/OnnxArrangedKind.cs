namespace NeuroDb.Neural;

/// <summary>What the numbers of an <see cref="OnnxArranged"/> are.</summary>
internal enum OnnxArrangedKind
{
    /// <summary>Channels of a step.</summary>
    Features,

    /// <summary>Products of queries and keys.</summary>
    Scores,

    /// <summary>What softmax makes of scores.</summary>
    Shares,

    /// <summary>Values, summed by shares.</summary>
    Heard,
}
