using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Trains encoders that are networks, without any target: autoencoder, whose rest gives the
/// features back from few numbers (Hinton and Salakhutdinov, "Reducing the Dimensionality of Data
/// with Neural Networks", Science 313, 2006), and cnn, for which two changed views of an image are
/// nearer to each other than to others (Chen et al., "A Simple Framework for Contrastive Learning",
/// ICML 2020).
/// </summary>
internal sealed class EncoderTrainer(
    Recipe recipe,
    TrainingOptions options,
    IWorkers workers,
    TimeProvider clock,
    Action<TrainingProgress>? report)
{
    private const int DimensionUsual = 32;
    private const int HiddenMax = 1 << 16;
    private const int SideMin = 4;
    private const int HeadUsual = 64;
    private const int ShiftShare = 8;
    private const double TurnUsual = 10;

    /// <summary>
    /// The options that a recipe is trained with where none are written: views of images need
    /// changes of images, and one thread sees all views of a batch.
    /// </summary>
    /// <param name="recipe">What USING asks for.</param>
    /// <param name="options">The options that were written over those of networks.</param>
    /// <param name="shape">The shape of an example.</param>
    /// <param name="isWritten">Whether an option was written.</param>
    public static TrainingOptions WithDefaults(
        Recipe recipe, TrainingOptions options, TensorShape shape, Func<string, bool> isWritten)
    {
        if (recipe.Name != "cnn")
        {
            return options with { Loss = LossKind.MeanSquared };
        }

        int size = isWritten("batch_size") ? options.BatchSize : 256;
        return options with
        {
            Loss = LossKind.Views,
            BatchSize = size + (size % 2),
            Threads = isWritten("threads") ? options.Threads : 1,
            Augmentation = options.Augmentation ?? UsualViews(shape),
        };
    }

    /// <summary>How images change where nothing is said.</summary>
    public static Augmentation UsualViews(TensorShape shape)
    {
        int part = Math.Max(1, Math.Min(shape.Height, shape.Width) / ShiftShare);
        return new Augmentation(false, part, TurnUsual) { MaskFrames = part, MaskBands = part };
    }

    /// <summary>The layers of both parts for a shape.</summary>
    public static (string Encoder, string Head) LayersOf(Recipe recipe, TensorShape shape)
    {
        int dimension = recipe.Dimension(DimensionUsual);
        string N(int number) => number.ToString(CultureInfo.InvariantCulture);
        string flatten = shape.IsFlat ? "" : "flatten, ";
        if (recipe.Name == "autoencoder")
        {
            int hidden = recipe.Whole(
                "hidden", Math.Clamp(4 * dimension, 64, 512), 1, HiddenMax);
            return (
                $"{flatten}dense({N(hidden)}, relu), dense({N(dimension)})",
                $"dense({N(hidden)}, relu), dense({N(shape.Length)})");
        }

        if (shape.Height < SideMin || shape.Width < SideMin)
        {
            throw NeuralErrors.InvalidModel(
                $"cnn takes images or sounds, but an example is {shape} numbers; use autoencoder, "
                + "or a column of type IMAGE.");
        }

        double width = recipe.Number("width", 1, 0.01, 64);
        string F(int filters) => N(Math.Max(1, (int)Math.Round(filters * width)));
        return (
            $"conv({F(16)}, 3, same, relu), maxpool(2), conv({F(32)}, 3, same, relu), maxpool(2), "
            + $"flatten, dense({N(dimension)})",
            $"gelu, dense({N(HeadUsual)})");
    }

    /// <summary>Trains.</summary>
    public TrainedModel Train(
        TensorShape shape,
        IExampleSource train,
        IExampleSource? validation,
        CancellationToken cancellationToken)
    {
        (string encoder, string rest) = LayersOf(recipe, shape);
        Network network = NetworkBuilder.Build(shape, $"{encoder}, {rest}");
        bool isViews = options.Loss == LossKind.Views;
        double noise = isViews ? 0 : recipe.Number("noise", 0, 0, 0.9);
        var trainer = new Trainer(network, options, workers, clock, report);

        // Views of a fixed image say nothing about which pass was best.
        TrainingResult result = trainer.Run(
            isViews ? new ViewSource(train) : new EchoSource(train, noise, options.Seed),
            isViews || validation is null ? null : new EchoSource(validation, 0, 0),
            cancellationToken);
        return new TrainedModel(
            new EncoderModel(shape, encoder, rest, result.Weights, options.Loss),
            result.Log,
            result.BestEpoch,
            result.RowCount,
            result.WeightHash);
    }
}
