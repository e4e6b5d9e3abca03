namespace NeuroDb.Neural;

/// <summary>Everything that decides how a network is trained.</summary>
internal sealed record TrainingOptions
{
    /// <summary>What training makes small.</summary>
    public LossKind Loss { get; init; } = LossKind.CrossEntropy;

    /// <summary>The optimizer.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The learning rate before its schedule.</summary>
    public double LearningRate { get; init; } = 0.001;

    /// <summary>How the learning rate goes on.</summary>
    public ScheduleKind Schedule { get; init; } = ScheduleKind.Constant;

    /// <summary>Passes over the examples.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Examples of a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>
    /// Passes without a better validation loss after which training ends; 0 for never.
    /// </summary>
    public int EarlyStopping { get; init; } = 5;

    /// <summary>The decay of weights.</summary>
    public double WeightDecay { get; init; }

    /// <summary>How much of a label is spread over all classes.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Gradients of a larger norm are shortened to it; 0 for never.</summary>
    public double MaxGradientNorm { get; init; }

    /// <summary>The weight of each class, or empty for 1.</summary>
    public IReadOnlyList<float> ClassWeights { get; init; } = [];

    /// <summary>How images are changed while training, or null.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>How random weights begin.</summary>
    public InitialValue Initial { get; init; } = InitialValue.Auto;

    /// <summary>Where all randomness begins.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; the result depends on their number, but not on their speed.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Training ends with the best weights so far after this time; 0 for never.</summary>
    public double MaxSeconds { get; init; }

    /// <summary>Weights to begin with, of the network's length; empty for random ones.</summary>
    public ReadOnlyMemory<float> InitialWeights { get; init; }

    /// <summary>Layers before this one keep their weights.</summary>
    public int FirstTrainedLayer { get; init; }

    /// <summary>
    /// Whether a single dense layer of a classifier goes to its minimum (<see cref="QuasiNewton"/>)
    /// instead of taking <see cref="Epochs"/> passes of steps.
    /// </summary>
    public bool IsSolved { get; init; }

    /// <summary>Steps between two events of progress within a pass; 0 for none.</summary>
    public int ProgressSteps { get; init; }

    /// <summary>What the features of each batch are changed by before it trains, or null.
    /// </summary>
    public AttackSpec? Attack { get; init; }

    /// <summary>Which features an attack may move; empty for all.</summary>
    public IReadOnlyList<bool> IsMovable { get; init; } = [];

    /// <summary>How much of any row the training may reveal; 0 for no bound.</summary>
    public double PrivateEpsilon { get; init; }

    /// <summary>The probability with which it may reveal more.</summary>
    public double PrivateDelta { get; init; } = 1e-5;

    /// <summary>The norm that the gradient of a row is shortened to.</summary>
    public double PrivateNorm { get; init; } = 1;

    /// <summary>The epsilon that so many passes of these options spend; 0 without a bound.
    /// </summary>
    public double SpentBy(int passes) => PrivateEpsilon == 0 ? 0
        : PrivacyAccountant.EpsilonOf(
            PrivacyAccountant.NoiseFor(PrivateEpsilon, Epochs, PrivateDelta),
            passes,
            PrivateDelta);

    /// <summary>Checks that every number is in its range.</summary>
    public void Validate()
    {
        Require(Epochs is >= 1 and <= 1_000_000, "epochs", "from 1 to 1000000");
        Require(BatchSize is >= 1 and <= 65_536, "batch_size", "from 1 to 65536");
        Require(LearningRate is > 0 and <= 100, "learning_rate", "above 0, at most 100");
        Require(WeightDecay is >= 0 and <= 1, "weight_decay", "from 0 to 1");
        Require(LabelSmoothing is >= 0 and < 1, "label_smoothing", "from 0 to below 1");
        Require(MaxGradientNorm >= 0, "max_gradient_norm", "0 or more");
        Require(EarlyStopping >= 0, "early_stopping", "0 or more");
        Require(Threads is >= 1 and <= 1024, "threads", "from 1 to 1024");
        Require(MaxSeconds >= 0, "max_seconds", "0 or more");
        Require(PrivateEpsilon is >= 0 and <= 1000, "dp_epsilon", "above 0, at most 1000");
        Require(PrivateDelta is > 0 and < 0.5, "dp_delta", "above 0, below 0.5");
        Require(PrivateNorm is > 0 and <= 1e6, "max_grad_norm", "above 0");
        Require(
            PrivateEpsilon == 0 || Attack == null,
            "adversarial",
            "left out where dp_epsilon is given");
    }

    private static void Require(bool holds, string option, string range)
    {
        if (!holds)
        {
            throw NeuralErrors.InvalidModel($"The option {option} must be {range}.");
        }
    }
}
