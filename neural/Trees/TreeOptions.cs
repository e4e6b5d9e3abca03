namespace NeuroDb.Neural;

/// <summary>How trees grow.</summary>
internal sealed record TreeOptions
{
    /// <summary>
    /// Trees of a forest or a boosting; a classifier boosts so many for each class.
    /// </summary>
    public int Trees { get; init; } = 100;

    /// <summary>The most splits on the way to a leaf.</summary>
    public int DepthMax { get; init; } = 6;

    /// <summary>
    /// The fewest rows of a leaf; null is 1, and for a boosting 20 or a tenth of the rows if that
    /// is less.
    /// </summary>
    public int? LeafRowsMin { get; init; }

    /// <summary>The part of a boosted tree that is added.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Added to the weight of a leaf of boosting (lambda).</summary>
    public double LeafPenalty { get; init; }

    /// <summary>What a row of each class weighs; empty where all weigh the same.</summary>
    public IReadOnlyList<float> ClassWeights { get; init; } = [];

    /// <summary>Where randomness begins.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks that every number is in its range.</summary>
    public void Validate()
    {
        Require(Trees is >= 1 and <= 10_000, "trees", "from 1 to 10000");
        Require(DepthMax is >= 1 and <= 32, "depth", "from 1 to 32");
        Require(LeafRowsMin is null or >= 1 and <= 1_000_000, "min_leaf", "from 1 to 1000000");
        Require(LearningRate is > 0 and <= 1, "learning_rate", "above 0, at most 1");
        Require(LeafPenalty is >= 0 and <= 1e6, "lambda", "from 0 to 1000000");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
        {
            throw NeuralErrors.InvalidModel($"The option {option} must be {range}.");
        }
    }
}
