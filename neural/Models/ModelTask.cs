namespace NeuroDb.Neural;

/// <summary>What a model says about a row.</summary>
internal enum ModelTask
{
    /// <summary>The probability of each class.</summary>
    Classifier,

    /// <summary>A number.</summary>
    Regressor,

    /// <summary>The number of the nearest center and the distance to it.</summary>
    Cluster,

    /// <summary>How unlike all others it is, from 0 to 1.</summary>
    Anomaly,

    /// <summary>A vector.</summary>
    Embedder,

    /// <summary>The next values of a series.</summary>
    Forecaster,

    /// <summary>What someone will like, of what others chose.</summary>
    Recommender,

    /// <summary>The tag of each token of a text.</summary>
    Tagger,

    /// <summary>The vector of a node of a graph.</summary>
    GraphEmbedding,
}
