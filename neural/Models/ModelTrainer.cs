using System.Security.Cryptography;
using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Trains whatever a recipe asks for: the one door from a statement to a model. Networks read their
/// source in passes; all other kinds read it once into memory.
/// </summary>
/// <param name="Recipe">What USING asks for.</param>
/// <param name="Task">What the model is to say.</param>
/// <param name="Options">How it is trained.</param>
/// <param name="Workers">The threads.</param>
/// <param name="Clock">For limits of time and the log.</param>
internal sealed record ModelTrainer(
    Recipe Recipe, ModelTask Task, TrainingOptions Options, IWorkers Workers, TimeProvider Clock)
{
    private const long RowsInMemoryMax = 1 << 26;

    /// <summary>Whether gradients are neither hidden by noise nor those of an adversary.</summary>
    private bool IsPlain => Options is { PrivateEpsilon: 0, Attack: null };

    /// <summary>Trains.</summary>
    /// <param name="shape">The shape of the features of a row.</param>
    /// <param name="outputs">Classes, or numbers of the target.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">The rows to choose by, or null.</param>
    /// <param name="report">Called on this thread, may be null.</param>
    /// <param name="cancellationToken">Ends the training with an error.</param>
    public TrainedModel Train(
        TensorShape shape,
        int outputs,
        IExampleSource train,
        IExampleSource? validation,
        Action<TrainingProgress>? report = null,
        CancellationToken cancellationToken = default)
    {
        if (Task == ModelTask.Classifier && outputs < 2)
        {
            throw NeuralErrors.UntrainableData(
                "All rows are of one class; a classifier needs at least two.");
        }

        if (!IsPlain && (Recipe.IsTextEmbedder || !Recipe.IsNetwork))
        {
            throw NeuralErrors.InvalidModel(
                $"dp_epsilon and adversarial are for networks, and {Recipe.Name} is none.");
        }

        if (Recipe.IsTextEmbedder)
        {
            var embedder = new EmbedderTrainer(Recipe, Options, Workers, Clock, report);
            (Model model, int count) = embedder.Train(train, cancellationToken);
            return Finish(model, count) with
            {
                Log = embedder.Log, BestEpoch = embedder.Log.Count,
            };
        }

        if (Recipe.IsNetworkEncoder)
        {
            return new EncoderTrainer(Recipe, Options, Workers, Clock, report)
                .Train(shape, train, validation, cancellationToken);
        }

        if (!Recipe.IsNetwork)
        {
            return TrainOther(shape, outputs, train, cancellationToken);
        }

        Network network = Recipe.ToNetwork(shape, outputs);
        if (Recipe.Name == "linear" && Task == ModelTask.Regressor
            && Options.Loss == LossKind.MeanSquared && shape.IsFlat
            && shape.Length <= LinearSolver.FeatureCountMax && IsPlain)
        {
            return SolveLines(network, train, cancellationToken);
        }

        TrainingResult result;
        if (Options.IsSolved)
        {
            (float[] features, float[] targets) = ReadAll(train, cancellationToken);
            result = new QuasiNewton(network, features, targets, Options, Workers)
                .Run(Clock, report, cancellationToken);
        }
        else
        {
            result = new Trainer(network, Options, Workers, Clock, report)
                .Run(train, validation, cancellationToken);
        }

        return new TrainedModel(
            new NetworkModel(network, result.Weights, Options.Loss, Task),
            result.Log,
            result.BestEpoch,
            result.RowCount,
            result.WeightHash);
    }

    /// <summary>Trains the members of an ensemble on the same rows, and weighs them.</summary>
    /// <param name="shape">The shape of the features of a row.</param>
    /// <param name="outputs">Classes, or 1.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">The rows to weigh by, or null to let all count the same.</param>
    /// <param name="optionsOf">How a member is trained.</param>
    /// <param name="report">Called on this thread, may be null.</param>
    /// <param name="cancellationToken">Ends the training with an error.</param>
    /// <returns>
    /// The ensemble, and the squared error of each member and of all on the rows to weigh by.
    /// </returns>
    public (TrainedModel Model, double[] Errors, double Together) TrainEnsemble(
        TensorShape shape,
        int outputs,
        IExampleSource train,
        IExampleSource? validation,
        Func<Recipe, TrainingOptions> optionsOf,
        Action<TrainingProgress>? report = null,
        CancellationToken cancellationToken = default)
    {
        if (!IsPlain)
        {
            throw NeuralErrors.InvalidModel(
                "dp_epsilon and adversarial are for networks, and an ensemble is none.");
        }

        var members = new Model[Recipe.Members.Count];
        var log = new List<TrainingProgress>();
        long rows = 0;
        for (int i = 0; i < members.Length; i++)
        {
            int passes = log.Count;
            TrainingProgress Counted(TrainingProgress line) =>
                line with { Epoch = line.Epoch + passes };
            TrainedModel trained = (this with
            {
                Recipe = Recipe.Members[i],
                Options = optionsOf(Recipe.Members[i]),
            }).Train(
                shape,
                outputs,
                train,
                validation,
                report is null ? null : line => report(Counted(line)),
                cancellationToken);
            members[i] = trained.Model;
            rows = trained.RowCount;
            log.AddRange(trained.Log.Select(Counted));
        }

        float[] weights = [.. Enumerable.Repeat(1f / members.Length, members.Length)];
        double[] errors = [];
        double together = double.NaN;
        if (validation is not null && !Recipe.IsMean)
        {
            (weights, errors, together) = EnsembleWeights.Find(members, validation);
        }

        return (
            Finish(new EnsembleModel(members, weights), (int)rows) with { Log = log },
            errors,
            together);
    }

    /// <summary>
    /// Trains a model for each target of a source, on the same features: what trees need, which
    /// say one thing, and labels, whose probabilities add up for each target alone.
    /// </summary>
    /// <param name="shape">The shape of the features of a row.</param>
    /// <param name="outputs">Classes of each target, or 1.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">The rows to choose by, or null.</param>
    /// <param name="optionsOf">How the model of a target is trained.</param>
    /// <param name="report">Called on this thread, may be null.</param>
    /// <param name="cancellationToken">Ends the training with an error.</param>
    public TrainedModel TrainGroup(
        TensorShape shape,
        IReadOnlyList<int> outputs,
        IExampleSource train,
        IExampleSource? validation,
        Func<int, TrainingOptions> optionsOf,
        Action<TrainingProgress>? report = null,
        CancellationToken cancellationToken = default)
    {
        var members = new TrainedModel[outputs.Count];
        var log = new List<TrainingProgress>();
        for (int i = 0; i < members.Length; i++)
        {
            int passes = log.Count;
            TrainingProgress Counted(TrainingProgress line) =>
                line with { Epoch = line.Epoch + passes };
            members[i] = (this with { Options = optionsOf(i) }).Train(
                shape,
                outputs[i],
                new OneTargetExamples(train, i),
                validation is null ? null : new OneTargetExamples(validation, i),
                report is null ? null : line => report(Counted(line)),
                cancellationToken);
            log.AddRange(members[i].Log.Select(Counted));
        }

        var group = new GroupModel([.. members.Select(static it => it.Model)]);
        return Finish(group, (int)members[0].RowCount) with
        {
            Log = log,
            BestEpoch = members.Max(static it => it.BestEpoch),
        };
    }

    private TrainedModel SolveLines(
        Network network, IExampleSource train, CancellationToken cancellationToken)
    {
        (float[] features, float[] targets) = ReadAll(train, cancellationToken);
        int outputs = network.Output.Length;
        Memory<float> weights = AlignedMemory.Allocate<float>(network.ParameterLength);
        IReadOnlyList<Tensor> tensors = network.TensorsOf(weights);
        var own = new float[targets.Length / outputs];
        for (int output = 0; output < outputs; output++)
        {
            for (int row = 0; row < own.Length; row++)
            {
                own[row] = targets[(row * outputs) + output];
            }

            (double[] line, double bias) = LinearSolver.Solve(features, own, Options.WeightDecay);
            for (int i = 0; i < line.Length; i++)
            {
                tensors[0].Data.Span[(i * outputs) + output] = (float)line[i];
            }

            tensors[1].Data.Span[output] = (float)bias;
        }

        return Finish(new NetworkModel(network, weights, Options.Loss, Task), own.Length);
    }

    private TrainedModel TrainOther(
        TensorShape shape,
        int outputs,
        IExampleSource train,
        CancellationToken cancellationToken)
    {
        (float[] features, float[] targets) = ReadAll(train, cancellationToken);
        int rows = features.Length / Math.Max(1, shape.Length);
        int classes = Task == ModelTask.Classifier ? outputs : 0;
        TreeOptions trees = Recipe.ToTreeOptions(Options.Seed) with
        {
            ClassWeights = Options.ClassWeights,
        };
        Model model = Recipe.Name switch
        {
            "decision_tree" =>
                TreeTrainer.TrainTree(features, targets, classes, trees, Workers),
            "random_forest" => TreeTrainer.TrainForest(
                features, targets, classes, trees, Workers, cancellationToken),
            "gbdt" => TreeTrainer.TrainBoosted(
                features, targets, classes, trees, Workers, cancellationToken),
            "isolation_forest" =>
                TreeTrainer.TrainIsolation(features, rows, trees, Workers),
            _ => FindCenters(features, rows, shape.Length),
        };
        return Finish(model, rows);
    }

    private CenterModel FindCenters(float[] features, int rows, int width)
    {
        int clusters = Recipe.Sizes.Count > 0 ? Recipe.Sizes[0] : Recipe.Whole("clusters", 8);
        if (clusters < 1 || clusters > rows)
        {
            throw NeuralErrors.UntrainableData(
                $"There are {rows} rows for {clusters} clusters; ask for fewer.");
        }

        var options = new KMeansOptions(clusters, Options.Seed)
        {
            Start = ClusterStart.PlusPlus,
            IterationsMax = Recipe.Whole("iterations", 50),
            SampleRowsPerCluster = int.MaxValue,
        };
        CentroidSet centers = KMeans.Train(Workers, features, width, options, default);
        return new CenterModel(centers.Vectors.AsSpan(0, centers.Count * width).ToArray(), width);
    }

    /// <summary>The SHA-256 of all numbers of a model.</summary>
    public static string HashOf(Model model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Tensor tensor in model.Tensors)
        {
            hash.AppendData(ModelFile.BytesOf(tensor));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static TrainedModel Finish(Model model, int rows) =>
        new(model, [], 0, rows, HashOf(model));

    private static (float[] Features, float[] Targets) ReadAll(
        IExampleSource source, CancellationToken cancellationToken)
    {
        const int Piece = 4096;
        var features = new List<float>();
        var targets = new List<float>();
        var rows = new float[Piece * source.FeatureCount];
        var rowTargets = new float[Piece * Math.Max(1, source.TargetCount)];
        using IExampleReader reader = source.Open(0);
        for (int count; (count = reader.Read(rows, rowTargets)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            features.AddRange(rows.AsSpan(0, count * source.FeatureCount));
            targets.AddRange(rowTargets.AsSpan(0, count * source.TargetCount));
            if (features.Count > RowsInMemoryMax * 8)
            {
                throw new ResourceLimitException(
                    ErrorCode.ResourceLimit,
                    $"The rows have more than {RowsInMemoryMax * 8} numbers; this kind of model "
                    + "keeps them in memory. Train on a sample, or use a network.");
            }
        }

        return features.Count > 0
            ? ([.. features], [.. targets])
            : throw NeuralErrors.UntrainableData("There are no rows to train on.");
    }
}
