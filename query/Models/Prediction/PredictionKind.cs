namespace NeuroDb.Query;

/// <summary>What is told of a prediction.</summary>
internal enum PredictionKind
{
    /// <summary>The value: a label, a number, the number of a cluster, a vector.</summary>
    Value,

    /// <summary>The values of all of several targets, as JSON.</summary>
    All,

    /// <summary>The probability of one label.</summary>
    Probability,

    /// <summary>The probabilities of all labels, as JSON.</summary>
    Probabilities,

    /// <summary>The probability of the label that is the value.</summary>
    BestProbability,

    /// <summary>Between which numbers the value lies, as JSON.</summary>
    Interval,

    /// <summary>The distance to the center of the cluster.</summary>
    Distance,

    /// <summary>The vector of an embedder, or of the layer before the last of a network.</summary>
    Embedding,
}
