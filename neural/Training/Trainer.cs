namespace NeuroDb.Neural;

/// <summary>
/// Trains a network: passes over the examples in steps of a batch, validation after each pass, the
/// best weights kept. One trainer serves one training.
/// </summary>
internal sealed class Trainer
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly Loss _loss;
    private readonly IWorkers _workers;
    private readonly TimeProvider _clock;
    private readonly Action<TrainingProgress>? _report;
    private readonly Optimizer _optimizer;
    private readonly ITrainingStep _step;
    private readonly Memory<float> _weights;
    private readonly List<TrainingProgress> _log = [];
    private readonly float[] _features;
    private readonly float[] _targets;
    private readonly float[] _rowWeights;
    private readonly SeededRandomSource _changes;
    private readonly float[] _imageScratch;
    private readonly Adversary? _adversary;
    private long _started;
    private long _steps;
    private long _stepsExpected;

    /// <summary>A training of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="clock">For limits of time and the log.</param>
    /// <param name="report">Called on the calling thread, may be null.</param>
    public Trainer(
        Network network,
        TrainingOptions options,
        IWorkers workers,
        TimeProvider clock,
        Action<TrainingProgress>? report = null)
    {
        options.Validate();
        _network = network;
        _options = options;
        _workers = workers;
        _clock = clock;
        _report = report;
        _loss = Loss.Create(options.Loss, options.LabelSmoothing);
        _optimizer = new Optimizer(
            network, options.Optimizer, options.WeightDecay, options.FirstTrainedLayer);
        ITrainingStep Usual() => new GradientStep(
            network,
            _loss,
            options.BatchSize,
            options.Threads,
            workers,
            options.FirstTrainedLayer);
        _step = options.PrivateEpsilon > 0
            ? new PrivateStep(
                network,
                _loss,
                options,
                PrivacyAccountant.NoiseFor(
                    options.PrivateEpsilon, options.Epochs, options.PrivateDelta),
                workers)
            : DenseChainStep.TryCreate(network, options)
            ?? (NeedsFeatures(options) ? null : (ITrainingStep?)SparseLinearStep.TryCreate(
                network, _loss, options.BatchSize, Usual))
            ?? Usual();
        _adversary = options.Attack == null ? null : new Adversary(
            network, _loss, options.Attack, options.IsMovable, options.BatchSize);
        _weights = Initializer.Create(network, options.Seed, options.Initial);
        if (!options.InitialWeights.IsEmpty)
        {
            Invariant.Check(options.InitialWeights.Length == _weights.Length);
            options.InitialWeights.CopyTo(_weights);
        }

        int targetWidth = _loss.TargetWidth(network.Output.Length);
        _features = GC.AllocateArray<float>(
            checked(options.BatchSize * network.Input.Length), pinned: true);
        _targets = GC.AllocateArray<float>(options.BatchSize * targetWidth, pinned: true);
        _rowWeights = options.ClassWeights.Count > 0 ? new float[options.BatchSize] : [];
        _changes = new SeededRandomSource(Hash64.Combine(options.Seed, 77));
        _imageScratch = options.Augmentation == null ? [] : new float[network.Input.Length];
    }

    /// <summary>The weights as they are now.</summary>
    public Memory<float> Weights => _weights;

    /// <summary>
    /// Trains; gives the weights of the pass that validated best, or of the last.
    /// </summary>
    public TrainingResult Run(
        IExampleSource train,
        IExampleSource? validation,
        CancellationToken cancellationToken = default)
    {
        CheckSource(train);
        if (validation != null)
        {
            CheckSource(validation);
        }

        _started = _clock.GetTimestamp();
        long perEpoch = train.Count < 0
            ? 0 : (train.Count + _options.BatchSize - 1) / _options.BatchSize;
        _stepsExpected = perEpoch * _options.Epochs;
        float[] best = new float[_weights.Length];
        double bestLoss = double.PositiveInfinity;
        int bestEpoch = 0;
        long rows = 0;
        for (int epoch = 1; epoch <= _options.Epochs; epoch++)
        {
            (double loss, rows, double seconds) = RunEpoch(train, epoch, cancellationToken);
            double? validationLoss = null;
            double? accuracy = null;
            if (validation != null)
            {
                (validationLoss, accuracy) = Validate(validation, cancellationToken);
            }

            double measure = validationLoss ?? (validation == null ? -epoch : double.NaN);
            bool isBest = measure < bestLoss;
            if (isBest)
            {
                bestLoss = measure;
                bestEpoch = epoch;
                _weights.Span.CopyTo(best);
            }

            var line = new TrainingProgress(
                epoch,
                _steps,
                loss,
                validationLoss,
                accuracy,
                RateOf(_steps - 1),
                rows / Math.Max(seconds, 1e-9),
                Elapsed(),
                true,
                isBest);
            _log.Add(line);
            _report?.Invoke(line);
            bool isStalled = validation != null && _options.EarlyStopping > 0
                && epoch - bestEpoch >= _options.EarlyStopping;
            if (isStalled || IsOutOfTime())
            {
                break;
            }
        }

        if (bestEpoch > 0)
        {
            best.CopyTo(_weights.Span);
        }

        return new TrainingResult(_weights, _log, bestEpoch, rows, _network.HashOf(_weights));
    }

    private (double Loss, long Rows, double Seconds) RunEpoch(
        IExampleSource train, int epoch, CancellationToken cancellationToken)
    {
        long begun = _clock.GetTimestamp();
        double sum = 0;
        double weightSum = 0;
        long rows = 0;
        using IExampleReader reader = train.Open(epoch);
        for (int count; (count = Read(reader)) > 0;)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                throw new NeuroStoreException(
                    ErrorCode.Cancelled,
                    $"Training was cancelled in pass {epoch}; nothing was stored.");
            }

            Mix(count);
            double divisor = Weigh(count);
            Change(count);
            _adversary?.Change(
                _features.AsMemory(0, count * _network.Input.Length),
                _targets.AsSpan(0, count * _loss.TargetWidth(_network.Output.Length)),
                count,
                _weights.Span,
                Hash64.Combine(_options.Seed, (ulong)~_steps));
            sum += Step(count, divisor, epoch);
            weightSum += divisor;
            rows += count;
            if (_options.ProgressSteps > 0 && _steps % _options.ProgressSteps == 0)
            {
                double seconds = _clock.GetElapsedTime(begun).TotalSeconds;
                _report?.Invoke(new TrainingProgress(
                    epoch,
                    _steps,
                    sum / weightSum,
                    null,
                    null,
                    RateOf(_steps - 1),
                    rows / Math.Max(seconds, 1e-9),
                    Elapsed(),
                    false,
                    false));
            }

            if (IsOutOfTime())
            {
                break;
            }
        }

        if (rows == 0)
        {
            throw NeuralErrors.UntrainableData("There are no rows to train on.");
        }

        return (sum / weightSum, rows, _clock.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>One step; gives the sum of the weighted losses.</summary>
    private double Step(int count, double divisor, int epoch)
    {
        double loss = _step.Run(
            _features.AsMemory(0, count * _network.Input.Length),
            _targets.AsMemory(0, count * _loss.TargetWidth(_network.Output.Length)),
            _rowWeights.Length == 0 ? default : _rowWeights.AsMemory(0, count),
            count,
            divisor,
            _weights,
            Hash64.Combine(_options.Seed, (ulong)_steps));
        if (!double.IsFinite(loss))
        {
            throw NeuralErrors.TrainingDiverged(
                $"The loss became {loss} in pass {epoch}, step {_steps + 1}. Lower learning_rate "
                + $"(now {_options.LearningRate}), scale the features, or set max_gradient_norm.");
        }

        ShortenGradient();
        _optimizer.Step(_weights, _step.Gradients, RateOf(_steps), _workers);
        _steps++;
        return loss;
    }

    private void ShortenGradient()
    {
        if (_options.MaxGradientNorm > 0)
        {
            Span<float> gradients = _step.Gradients.Span;
            double norm = Math.Sqrt(VectorArithmetic.SquaredNorm(gradients));
            if (norm > _options.MaxGradientNorm)
            {
                VectorArithmetic.Scale(gradients, (float)(_options.MaxGradientNorm / norm));
            }
        }
    }

    /// <summary>The weights of the rows of a batch by their class; gives their sum.</summary>
    private double Weigh(int count)
    {
        if (_rowWeights.Length == 0)
        {
            return count;
        }

        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            _rowWeights[i] = _options.ClassWeights[(int)_targets[i]];
            sum += _rowWeights[i];
        }

        return sum > 0 ? sum : count;
    }

    // What changes features needs all of them, not only those that are not 0.
    private static bool NeedsFeatures(TrainingOptions options) =>
        options.Attack != null || options.Augmentation is { Mixup: > 0 };

    private void Mix(int count)
    {
        if (_options.Augmentation is { Mixup: > 0 } augmentation)
        {
            augmentation.Mix(
                _features.AsSpan(0, count * _network.Input.Length),
                _targets.AsSpan(0, count * _loss.TargetWidth(_network.Output.Length)),
                count,
                _options.Loss is LossKind.CrossEntropy or LossKind.Triplet,
                _changes);
        }
    }

    private void Change(int count)
    {
        if (_options.Augmentation is not { ChangesImages: true } augmentation)
        {
            return;
        }

        int length = _network.Input.Length;
        for (int i = 0; i < count; i++)
        {
            augmentation.Apply(
                _features.AsSpan(i * length, length), _network.Input, _changes, _imageScratch);
        }
    }

    private (double Loss, double? Accuracy) Validate(
        IExampleSource validation, CancellationToken cancellationToken)
    {
        int width = _network.Output.Length;
        int targetWidth = _loss.TargetWidth(width);
        Predictor? predictor = null;
        var outputs = new float[_options.BatchSize * width];
        var gradient = new float[outputs.Length];
        double sum = 0;
        long rows = 0;
        long right = 0;
        using IExampleReader reader = validation.Open(0);
        for (int count; (count = Read(reader)) > 0; rows += count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader is SparseReader && _step is SparseLinearStep sparse)
            {
                sparse.Say(_weights.Span, count).CopyTo(outputs);
            }
            else
            {
                // Its memory is that of a batch, which a wide sparse layer does not need.
                predictor ??= new Predictor(_network, _weights, _loss);
                predictor.RunRaw(_features, count, outputs);
            }

            sum += _loss.Compute(
                outputs.AsSpan(0, count * width),
                _targets.AsSpan(0, count * targetWidth),
                default,
                width,
                count,
                gradient.AsSpan(0, count * width));
            right += _options.Loss == LossKind.CrossEntropy ? CountRight(outputs, count, width) : 0;
        }

        return rows == 0
            ? throw NeuralErrors.UntrainableData("There are no rows to validate on.")
            : (sum / rows, _options.Loss == LossKind.CrossEntropy ? right / (double)rows : null);
    }

    // Examples that are held by what is not 0 go to a step that needs no more.
    private int Read(IExampleReader reader) =>
        reader is SparseReader sparse && _step is SparseLinearStep step
            ? step.Take(sparse, _targets)
            : reader.Read(_features, _targets);

    private int CountRight(float[] outputs, int count, int width)
    {
        int right = 0;
        for (int i = 0; i < count; i++)
        {
            right += Classes.Best(outputs.AsSpan(i * width, width)) == (int)_targets[i] ? 1 : 0;
        }

        return right;
    }

    private void CheckSource(IExampleSource source)
    {
        int targets = _loss.TargetWidth(_network.Output.Length);
        if (source.FeatureCount != _network.Input.Length || source.TargetCount != targets)
        {
            throw source.Count == 0
                ? NeuralErrors.UntrainableData("There are no rows to train on.")
                : new NeuroStoreException(
                    ErrorCode.DimensionMismatch,
                    $"The network takes {_network.Input.Length} features and {targets} targets, "
                    + $"but a row has {source.FeatureCount} and {source.TargetCount}.");
        }
    }

    private double RateOf(long step) => _options.LearningRate * LearningRate.Factor(
        _options.Schedule, step, Math.Max(_stepsExpected, 1));

    private bool IsOutOfTime() => _options.MaxSeconds > 0 && Elapsed() > _options.MaxSeconds;

    private double Elapsed() => _clock.GetElapsedTime(_started).TotalSeconds;
}
