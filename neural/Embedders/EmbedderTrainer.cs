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
    private const int PieceRows = 256;
    private const int DimensionUsual = 256;
    private const int UnitsMax = 1 << 29;

    /// <summary>Trains, and gives how many texts there were.</summary>
    public (BagModel Model, int Count) Train(
        IExampleSource source, CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        SparseMatrix texts = Read(source, cancellationToken);
        int dimension = recipe.Dimension(DimensionUsual);
        (Memory<float> rows, double[] values) = TruncatedDecomposition.Compute(
            texts,
            dimension,
            recipe.Whole("iterations", 4, 0, 1000),
            options.Seed,
            workers,
            cancellationToken);
        double kept = values.Sum(static it => it * it) / Math.Max(1, texts.RowCount);
        double seconds = clock.GetElapsedTime(started).TotalSeconds;
        report?.Invoke(new TrainingProgress(
            Epoch: 1,
            Step: 1,
            Loss: 1 - kept,
            ValidationLoss: null,
            ValidationAccuracy: null,
            LearningRate: 0,
            RowsPerSecond: texts.RowCount / Math.Max(1e-9, seconds),
            Seconds: seconds,
            IsEpochEnd: true,
            IsBest: true));
        var tensor = new Tensor("rows", [texts.ColumnCount, dimension], rows);
        return (
            new BagModel($"lsa({LayerNames.Number(dimension)})", source.FeatureCount, tensor, null),
            texts.RowCount);
    }

    /// <summary>The texts as rows of weights, a column for each unit.</summary>
    private static SparseMatrix Read(IExampleSource source, CancellationToken cancellationToken)
    {
        int width = source.FeatureCount;
        var starts = new List<int> { 0 };
        var columns = new List<int>();
        var values = new List<float>();
        int units = 0;
        var features = new float[PieceRows * width];
        var targets = new float[PieceRows];
        using IExampleReader reader = source.Open(0);
        for (int count; (count = reader.Read(features, targets)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<float> text = features.AsSpan(row * width, width);
                for (int i = 0; i + 1 < width && text[i] > 0; i += 2)
                {
                    columns.Add((int)text[i] - 1);
                    values.Add(text[i + 1]);
                    units = Math.Max(units, (int)text[i]);
                }

                starts.Add(columns.Count);
            }

            if (columns.Count > UnitsMax)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"The texts have more than {UnitsMax} units, which do not fit into memory. "
                    + "Train on a sample, or with fewer units, such as lsa(256, units=128).");
            }
        }

        return units > 0
            ? new SparseMatrix([.. starts], [.. columns], [.. values], units)
            : throw NeuralErrors.UntrainableData("There are no texts with words to train on.");
    }
}
