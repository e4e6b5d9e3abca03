using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// What a training does where its statement says nothing, by its network and its number of rows.
/// Whatever differs from the documented value of an option is told in a notice.
/// </summary>
/// <param name="Options">The options that were written.</param>
/// <param name="Rows">The rows that train.</param>
/// <param name="Notices">Where choices are told.</param>
internal sealed record TrainingDefaults(
    ModelOptions Options, long Rows, NoticeList Notices)
{
    private const int FusedParametersMax = 1 << 16;
    private const long StepsWanted = 2000;
    private const long PassesMax = 1000;
    private const int PatienceShare = 20;

    // Whoever writes one of these asks for a training by steps.
    private static readonly string[] OfSteps =
    [
        "optimizer", "learning_rate", "schedule", "epochs", "batch_size", "early_stopping",
        "max_gradient_norm", "init", "dropout", "adversarial", "augment", "dp_epsilon",
    ];

    /// <summary>The options of a network that is trained by a task.</summary>
    /// <param name="options">The written options over the documented values.</param>
    /// <param name="recipe">What USING asks for, a network.</param>
    /// <param name="network">It, for these features and outputs.</param>
    /// <param name="task">What it is to say.</param>
    /// <param name="threads">The threads of the session.</param>
    public TrainingOptions Fill(
        TrainingOptions options, Recipe recipe, Network network, ModelTask task, int threads)
    {
        bool isSmall = network.ParameterLength <= FusedParametersMax
            && network.Nodes.All(static it => it.Layer is DenseLayer && it.Layer.Input.IsFlat);
        if (!Options.Has("threads"))
        {
            // A small dense network has a step of its own, which is faster on one thread.
            options = options with { Threads = isSmall ? 1 : threads };
        }

        if (task == ModelTask.Classifier && IsConvex(recipe, network)
            && !OfSteps.Any(Options.Has))
        {
            bool isRidgeWritten = Options.Has("weight_decay") || Options.Has("l2");
            return options with
            {
                IsSolved = true,
                WeightDecay = isRidgeWritten ? options.WeightDecay : 1.0 / Math.Max(1, Rows),
            };
        }

        // Each pass costs noise, so a private training has no more than it asks for.
        return isSmall && !Options.Has("epochs") && options.PrivateEpsilon == 0
            ? WithEpochs(options) : options;
    }

    /// <summary>Tells which of the written options mean nothing to what has no steps.</summary>
    public void TellIdle(Recipe recipe)
    {
        string[] idle = [.. TrainingOptionParser.Names
            .Where(name => name != "seed" && Options.Has(name))];
        if (idle.Length > 0)
        {
            Notices.Add(
                $"{recipe.Name} is not trained by steps; no effect here: "
                + $"{string.Join(", ", idle)}.");
        }
    }

    /// <summary>Tells of a table with fewer rows than the words before it have numbers.</summary>
    public void TellShortTable(Network network, FeaturePipeline pipeline)
    {
        if (network.Nodes[0].Layer is EmbeddingLayer table
            && pipeline.Transforms is [{ Spec.Kind: TransformKind.Words } words]
            && (words.Tokens?.CountMax + 1 ?? FittedTransform.WordBucketCount) is var numbers
            && table.RowCount < numbers)
        {
            Notices.Add(
                $"words({words.Column.Name}) gives numbers up to {numbers - 1}, and {table.Text} "
                + $"has {table.RowCount} rows: all words beyond share the row of none. Write "
                + $"embedding({numbers}, {table.Output.Channels}).");
        }
    }

    /// <summary>The loss of a task with so many outputs; others are refused.</summary>
    public static LossKind LossFor(LossKind asked, ModelTask task, int outputs)
    {
        if (task == ModelTask.Classifier)
        {
            return asked == LossKind.CrossEntropy
                || (asked == LossKind.BinaryCrossEntropy && outputs <= 2)
                ? LossKind.CrossEntropy
                : throw NeuralErrors.InvalidModel(
                    "A classifier is trained on cross_entropy; other losses are for numbers.");
        }

        return task != ModelTask.Regressor || asked is LossKind.MeanSquared
            or LossKind.MeanAbsolute or LossKind.Huber
            ? asked
            : throw NeuralErrors.InvalidModel(
                "A regressor is trained on mse, mae or huber; other losses are for classes.");
    }

    private bool IsConvex(Recipe recipe, Network network) =>
        recipe.Name is "logistic" or "linear"
            && network.Nodes is [{ Layer: DenseLayer { IsRectified: false } layer }]
            && layer.Input.IsFlat
            && layer.Input.Length <= LinearSolver.FeatureCountMax
            && network.ParameterLength * Rows <= QuasiNewton.ProductsMax;

    /// <summary>Few rows are passed more often, so that there are enough steps to learn.</summary>
    private TrainingOptions WithEpochs(TrainingOptions options)
    {
        long steps = Math.Max(1, (Rows + options.BatchSize - 1) / options.BatchSize);
        long epochs = Math.Min(PassesMax, (StepsWanted + steps - 1) / steps);
        if (epochs <= options.Epochs)
        {
            return options;
        }

        Notices.Add($"epochs is not given; {epochs} passes were chosen for {Rows} rows.");
        return options with
        {
            Epochs = (int)epochs,
            EarlyStopping = Options.Has("early_stopping") ? options.EarlyStopping
                : Math.Max(options.EarlyStopping, (int)epochs / PatienceShare),
        };
    }
}
