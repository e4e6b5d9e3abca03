namespace NeuroDb.Neural;

/// <summary>
/// Trains embedders of texts, whose features are pairs of units and weights. One for each kind of
/// recipe; all give a <see cref="BagModel"/>.
/// </summary>
internal sealed class EmbedderTrainer(
    Recipe recipe,
    TrainingOptions options,
    IWorkers workers,
    TimeProvider clock,
    Action<TrainingProgress>? report)
{
    private const int PieceRows = 128;
    private const int DimensionUsual = 256;
    private const int UnitsMax = 1 << 29;

    private readonly List<TrainingProgress> _log = [];
    private readonly long _started = clock.GetTimestamp();

    /// <summary>A line for each pass.</summary>
    public IReadOnlyList<TrainingProgress> Log => _log;

    /// <summary>
    /// The options that a recipe is trained with where none are written: an embedder needs few
    /// passes of large steps.
    /// </summary>
    /// <param name="recipe">What USING asks for.</param>
    /// <param name="options">The options that were written over those of networks.</param>
    /// <param name="isWritten">Whether an option was written.</param>
    public static TrainingOptions WithDefaults(
        Recipe recipe, TrainingOptions options, Func<string, bool> isWritten) => options with
        {
            Epochs = isWritten("epochs") ? options.Epochs : recipe.Name == "skipgram" ? 5 : 2,
            BatchSize = isWritten("batch_size") ? options.BatchSize : 256,
            LearningRate = isWritten("learning_rate") ? options.LearningRate : 0.05,
        };

    /// <summary>Trains, and gives how many texts there were.</summary>
    public (BagModel Model, int Count) Train(
        IExampleSource source, CancellationToken cancellationToken)
    {
        int width = 2 * recipe.UnitCount;
        SparseMatrix[] sides = Read(source, width, cancellationToken);
        int dimension = recipe.Dimension(DimensionUsual);
        (Memory<float> rows, Tensor? common) = recipe.Name switch
        {
            "contrastive" => (TrainPairs(sides, dimension, cancellationToken), null),
            "skipgram" => TrainWords(sides[0], dimension, cancellationToken),
            _ => (Decompose(sides[0], dimension, cancellationToken), null),
        };
        var tensor = new Tensor("rows", [rows.Length / dimension, dimension], rows);
        return (
            new BagModel(ArchitectureOf(recipe), width, tensor, common), sides[0].RowCount);
    }

    /// <summary>How a model of a recipe says what it is: lsa(256).</summary>
    public static string ArchitectureOf(Recipe recipe) =>
        $"{recipe.Name}({LayerNames.Number(recipe.Dimension(DimensionUsual))})";

    private Memory<float> Decompose(
        SparseMatrix texts, int dimension, CancellationToken cancellationToken)
    {
        (Memory<float> rows, double[] values) = TruncatedDecomposition.Compute(
            texts,
            dimension,
            recipe.Whole("iterations", 4, 0, 1000),
            options.Seed,
            workers,
            cancellationToken);
        double kept = values.Sum(static it => it * it) / Math.Max(1, texts.RowCount);
        EndPass(1, 1 - kept, texts.RowCount);
        return rows;
    }

    private Memory<float> TrainPairs(
        SparseMatrix[] sides, int dimension, CancellationToken cancellationToken)
    {
        (SparseMatrix first, SparseMatrix second) =
            sides.Length > 1 ? (sides[0], sides[1]) : sides[0].Halve();
        if (first.RowCount < 2)
        {
            throw NeuralErrors.UntrainableData(
                "A contrastive embedder needs two pairs of texts, or two texts of four words.");
        }

        var trainer = new ContrastiveTrainer(
            first,
            second,
            dimension,
            recipe.Number("temperature", 0.05, 0.001, 10),
            recipe.Number("keep", 1, 0.01, 1),
            options,
            workers);
        Run(pass => trainer.RunPass(pass, cancellationToken), first.RowCount);
        return trainer.Rows;
    }

    private (Memory<float> Rows, Tensor? Common) TrainWords(
        SparseMatrix texts, int dimension, CancellationToken cancellationToken)
    {
        var trainer = new SkipgramTrainer(
            SkipgramTrainer.Count(texts),
            dimension,
            recipe.Whole("window", 5, 1, 100),
            recipe.Whole("negatives", 5, 1, 100),
            recipe.Number("sample", 1e-3, 0, 1),
            options);
        Run(pass => trainer.RunPass(texts, pass, cancellationToken), texts.RowCount);
        int directions = recipe.Whole("common", 1, 0, 16);
        return (
            trainer.Rows,
            CommonDirections.Find(texts, trainer.Rows, dimension, directions));
    }

    private void Run(Func<int, double> pass, int count)
    {
        for (int i = 1; i <= options.Epochs; i++)
        {
            EndPass(i, pass(i), count);
            bool isOver = options.MaxSeconds > 0
                && clock.GetElapsedTime(_started).TotalSeconds > options.MaxSeconds;
            if (isOver)
            {
                break;
            }
        }
    }

    private void EndPass(int pass, double loss, int count)
    {
        if (!double.IsFinite(loss))
        {
            throw NeuralErrors.TrainingDiverged(
                "The loss is no number any more; train with a smaller learning_rate.");
        }

        double seconds = clock.GetElapsedTime(_started).TotalSeconds;
        double before = _log.Count > 0 ? _log[^1].Seconds : 0;
        var line = new TrainingProgress(
            Epoch: pass,
            Step: (long)pass * ((count + options.BatchSize - 1) / options.BatchSize),
            Loss: loss,
            ValidationLoss: null,
            ValidationAccuracy: null,
            LearningRate: options.LearningRate,
            RowsPerSecond: count / Math.Max(1e-9, seconds - before),
            Seconds: seconds,
            IsEpochEnd: true,
            IsBest: true);
        _log.Add(line);
        report?.Invoke(line);
    }

    /// <summary>
    /// The texts as rows of weights, a column for each unit; a matrix for each column of texts.
    /// </summary>
    private SparseMatrix[] Read(
        IExampleSource source, int width, CancellationToken cancellationToken)
    {
        int sides = source.FeatureCount / width;
        Invariant.Check(sides * width == source.FeatureCount && sides > 0);
        var builders = new SparseMatrixBuilder[sides];
        for (int side = 0; side < sides; side++)
        {
            builders[side] = new SparseMatrixBuilder();
        }

        var features = new float[PieceRows * source.FeatureCount];
        var targets = new float[PieceRows];
        using IExampleReader reader = source.Open(0);
        for (int count; (count = reader.Read(features, targets)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int text = 0; text < count * sides; text++)
            {
                builders[text % sides].Add(features.AsSpan(text * width, width));
            }

            if (builders.Sum(static it => (long)it.Count) > UnitsMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"The texts have more than {UnitsMax} units, which do not fit into memory. "
                    + "Train on a sample, or with fewer units, such as lsa(256, units=128).");
            }
        }


        // Units that these texts lack keep the vectors that a warm start brings.
        int known = options.InitialWeights.Length / recipe.Dimension(DimensionUsual);
        int units = Math.Max(known, builders.Max(static it => it.UnitCount));
        return units > 0
            ? [.. builders.Select(it => it.Build(units))]
            : throw NeuralErrors.UntrainableData("There are no texts with words to train on.");
    }
}
